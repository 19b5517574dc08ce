// SPDX-License-Identifier: BSL-1.0
// A session's way to its guard: starts it, and tells it of each claim before it is sent.
#pragma once

#include "guard/descriptor.hpp"
#include "guard/message.hpp"
#include "strand.hpp"
#include <neli/guard.hpp>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace neli::guards {

/// Whatever goes wrong here costs the speed with which a crash is noticed, and nothing else. It is
/// told, and tried again. All on the strand; no answer comes within a call.
class link {
 public:
  /// Without a code: it is well again.
  using on_trouble = std::function<void(boost::system::error_code, const std::string&)>;

  link(const strand&, guard, hello, on_trouble);

  void start();
  /// Call it before the claims are sent: what is in the socket outlives this process.
  void claims(const std::vector<claimed>&);
  /// Call it when the release is in the log.
  void released(const ended&);
  /// If a term is still held, the guard stays for a while: this process may die soon.
  void stop();

 private:
  template <class F>
  auto while_alive(F) const;
  void connect();
  descriptor reach() const;
  void listen();
  void hear();
  void hear(const message&);
  void tell(const messages&);
  void tell_all();
  void take_up_again();
  void lose(boost::system::error_code, const std::string& why);
  void report(boost::system::error_code, const std::string& what);
  void wake_after(std::chrono::milliseconds, void (link::*)());
  void is_late();

  const strand strand_;
  const guard how_;
  const hello hello_;
  const on_trouble trouble_;
  asio::posix::stream_descriptor socket_;
  asio::steady_timer timer_;
  std::map<std::string, claimed> terms_;  ///< the newest of each role, if it has not ended
  std::chrono::milliseconds delay_;       ///< before it is started again
  bool well_ = false;
  bool full_ = false;  ///< it has not been told everything
  std::string told_;   ///< the trouble; empty: none
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

}  // namespace neli::guards
