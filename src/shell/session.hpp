// SPDX-License-Identifier: BSL-1.0
// The shell around the core: a switch. It feeds what happens into the machine and does what the
// machine asks for.
#pragma once

#include "core/participant.hpp"
#include "shell/ledger.hpp"
#include "shell/membership.hpp"
#include "shell/role.hpp"
#include "shell/strand.hpp"
#include "shell/time_source.hpp"

#include <spdlog/logger.h>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace neli::shell {

class session final : public std::enable_shared_from_this<session>,
                      private ledger::listener,
                      private membership::listener {
 public:
  /// Where the ledger is and who spreads the roles; no membership in ledger arbitration.
  struct store {
    std::unique_ptr<shell::ledger> ledger;
    std::unique_ptr<shell::membership> membership;
  };
  using make_store = std::function<store(const strand&, ledger::listener&, membership::listener&)>;
  using make_time = std::function<std::unique_ptr<time_source>(const strand&)>;

  session(const asio::any_io_executor&, core::settings, core::identity,
          std::shared_ptr<spdlog::logger>, const make_time&);
  ~session();

  /// Makes the store, which may throw, and starts to read.
  void open(const make_store&);
  /// A candidate for the role, contending from now on.
  std::shared_ptr<role> contend(const std::string& name, barrier_function);

  // --- for roles, on the strand but for the first three ---

  const strand& get_strand() const { return strand_; }
  const asio::any_io_executor& executor() const { return executor_; }
  const time_source& time() const { return *time_; }
  spdlog::logger& log() const { return *log_; }

  void feed(core::any_input);
  void waits(role&);
  void drop(role&);

 private:
  // ledger::listener, membership::listener
  void reading(core::offset since, bool beginning) override;
  void record(core::offset at, std::string_view value) override;
  void end_reached() override;
  void gap(const std::string& why) override;
  void appended(core::ticket) override;
  void append_failed(core::ticket, const std::string& why) override;
  void assigned(const std::string& role) override;
  void revoked(const std::string& role) override;
  void lost(const std::string& role) override;
  void trouble(error_code, const std::string& what) override;
  void failed(error_code, const std::string& what) override;

  core::moment now() const { return {time_->now(), time_->wall_ms()}; }
  void perform(const core::actions&);
  role* find(const std::string& name);
  void finished(const std::string& name);
  void shut_down();
  void rearm();
  void alarm();
  void note_heartbeats();
  void note_resignations();

  const asio::any_io_executor executor_;
  const strand strand_;
  const std::shared_ptr<spdlog::logger> log_;
  const std::unique_ptr<time_source> time_;
  core::participant core_;
  store store_;

  std::map<std::string, std::weak_ptr<role>> roles_;
  std::set<role*> waiting_;  ///< with pulses that may time out
  std::deque<core::any_input> inbox_;
  bool stepping_ = false;
  bool stopped_ = false;
  error_code failure_;
  std::pair<std::optional<clock::time_point>, std::optional<clock::time_point>> heartbeats_;
  std::uint64_t unreadable_ = 0;
};

}  // namespace neli::shell
