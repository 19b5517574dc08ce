// SPDX-License-Identifier: BSL-1.0
// In the guard's process: one session that it watches over.
#pragma once

#include "guard/channel.hpp"
#include "guard/message.hpp"
#include "guard/proof.hpp"
#include "stores/store.hpp"
#include "strand.hpp"
#include <neli/guard.hpp>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace neli::guards {

using boost::system::error_code;

/// Releases what a dead process has told it of, and nothing else. It keeps a ledger open to be
/// quick then.
class watch final : public std::enable_shared_from_this<watch>, private stores::ledger::listener {
 public:
  watch(const strand&, descriptor socket, make_guarded_store, sufficient,
        std::function<void()> over);

  void start();

 private:
  using milliseconds = std::chrono::milliseconds;
  struct term {
    claimed what;
    bool released = false;  ///< a release of it is in the log, or on its way
  };

  // stores::ledger::listener
  void reading(core::offset, bool, const std::string&) override;
  void record(core::offset, core::stamp, std::string_view) override;
  void end_reached() override {}
  void gap(const std::string&) override;
  void appended(core::ticket) override;
  void append_failed(core::ticket, const std::string& why) override;
  void trouble(const std::string& part, error_code, const std::string& what) override;
  void failed(error_code, const std::string& what) override;

  template <class F>
  auto while_alive(F);
  void listen();
  void hear();
  void take(packet&);
  void meet(const hello&, std::vector<descriptor>);
  void open();
  void open_later(const std::string& why);
  void close_store();
  void tell(const message&);
  void tell_health();
  void is_dead();
  void release_all();
  void release(term&);
  void end_after(milliseconds);
  void end();

  const strand strand_;
  const make_guarded_store make_;
  const sufficient sufficient_;
  std::function<void()> over_;
  asio::posix::stream_descriptor socket_;
  asio::steady_timer again_;
  asio::steady_timer end_;
  hello hello_;
  std::optional<proof_of_death> proof_;
  std::map<std::pair<std::string, std::string>, term> terms_;  ///< by id and role
  std::unique_ptr<stores::ledger> ledger_;
  bool ready_ = false;
  bool dead_ = false;
  bool over_yet_ = false;
  std::map<std::string, std::string> troubles_;  ///< of the store, by its part
  core::ticket last_ticket_ = 0;
  std::map<core::ticket, std::pair<std::string, std::string>> appending_;
};

}  // namespace neli::guards
