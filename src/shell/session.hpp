// SPDX-License-Identifier: BSL-1.0
// The shell around the core. It feeds what happens into the core and does what the core asks for.
// One session serves any number of candidates and followers.
#pragma once

#include "driver/driver.hpp"
#include "shell/health.hpp"
#include "shell/registry.hpp"
#include "stores/store.hpp"
#include "strand.hpp"
#include "time_source.hpp"

#include <spdlog/logger.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace neli::shell {

class session final : public std::enable_shared_from_this<session>,
                      private driver::host,
                      private stores::ledger::listener,
                      private stores::membership::listener {
 public:
  using make_time = std::function<std::unique_ptr<time_source>(const strand&)>;

  session(const asio::any_io_executor&, core::settings, core::identity,
          std::shared_ptr<spdlog::logger>, std::shared_ptr<observer>, const make_time&);
  ~session();

  // --- from any thread ---

  /// Makes the store, which may throw.
  void open(const stores::make_store&);
  /// Starts to read.
  void start();
  /// From now on it does not end with its last candidate or follower, but when it is closed.
  void attach_handle();
  /// A candidate for the role, contending from now on. Throws `config_error` if the session has
  /// one already.
  std::shared_ptr<candidate> contend(const std::string& name, barrier_function);
  std::shared_ptr<follower> follow(const std::string& name);
  /// Whether the caller is a barrier or a task of one of its candidates. If that waited for their
  /// end, it would wait for itself.
  bool called_by_user_code() { return registry_.called_by_user_code(); }
  /// From now on another candidate may be made for its role.
  void vacate(candidate& c) { registry_.vacate(c); }
  void set_metadata(std::string metadata);
  /// Closes all candidates and followers, and itself.
  void close(detail::closed_handler);
  /// The handle is destroyed. Candidates and followers go on.
  void detach_handle();

  const strand& get_strand() const { return strand_; }
  const asio::any_io_executor& executor() const { return executor_; }
  const time_source& time() const { return *time_; }
  const core::settings& settings() const { return driver_.settings(); }
  const shell::health& health() const { return health_; }
  spdlog::logger& log() const { return *log_; }

  // --- for its candidates and followers, on the strand ---

  void feed(core::any_input);
  void waits(candidate&);
  void resigns(candidate&);
  void drop(candidate&);
  void unfollow(follower&);

 private:
  /// Its life, which goes in this order only.
  enum class stage {
    open,     ///< takes candidates and followers
    ending,   ///< closed, or failed: the present endpoints come to their end, and none are added
    stopped,  ///< nothing happens any more; the store is being freed
    freed,    ///< everything is closed
  };
  using endpoints = registry::endpoints;

  // stores::ledger::listener, stores::membership::listener
  void reading(core::offset since, bool beginning, const std::string& log) override;
  void record(core::offset at, core::stamp, std::string_view value) override;
  void end_reached() override;
  void gap(const std::string& why) override;
  void appended(core::ticket) override;
  void append_failed(core::ticket, const std::string& why) override;
  void assigned(const std::string& role) override;
  void asked_back(const std::string& role) override;
  void lost(const std::string& role) override;
  void trouble(const std::string& part, error_code, const std::string& what) override;
  void failed(error_code, const std::string& what) override;

  // driver::host
  core::instant now() const override { return time_->now(); }
  void perform(const core::any_action&) override;
  bool stopped() const override { return stage_ >= stage::stopped; }

  void begin(const std::shared_ptr<candidate>&);
  void begin(const std::shared_ptr<follower>&);
  bool refuses(endpoint&);
  void introduce(endpoint&);
  void emit(const std::string& role, const event&);
  void join_group();
  void quit_group();
  void left_group();
  void forget(candidate&);
  void finished(const std::string& name);
  void go_to(stage);
  bool needed() const;
  void end(std::shared_ptr<endpoint>);
  void shut_down();
  void rearm();
  void alarm();
  void time_out();
  void note_resignations();
  void observe_outcome(core::ticket, void (observer::*)(clock::duration));

  const asio::any_io_executor executor_;
  const strand strand_;
  const std::shared_ptr<spdlog::logger> log_;
  const std::unique_ptr<time_source> time_;
  const std::shared_ptr<observer> observer_;  ///< null: none
  driver driver_;
  shell::health health_;
  std::unique_ptr<stores::ledger> ledger_;
  stores::make_membership join_;
  std::unique_ptr<stores::membership> membership_;
  bool readable_ = false;  ///< the ledger has been found

  registry registry_;
  /// Closed once everything is freed. Weak, to avoid a cycle: when the context dies first, the
  /// endpoints die with it.
  std::weak_ptr<endpoints> ending_;
  candidates_by_name waiting_;  ///< have pulses or tasks that may run out of time
  /// Nothing of theirs runs out before this. It may be too early, as deadlines may have moved
  /// since.
  clock::time_point timeout_ = clock::time_point::max();
  candidates_by_name resigning_;
  candidates_by_name leaving_;  ///< closed when the group has been left
  std::vector<std::shared_ptr<pending<error_code>>> closing_;
  bool has_handle_ = false;  ///< a user's, that may add candidates and followers
  stage stage_ = stage::open;
  error_code failure_;
  std::uint64_t unreadable_ = 0;
  std::map<core::ticket, clock::time_point> sent_;  ///< appends under way, if they are observed
};

}  // namespace neli::shell
