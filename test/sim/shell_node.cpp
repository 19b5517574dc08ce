// SPDX-License-Identifier: BSL-1.0
// A process as applications have it, except for Kafka: a session, its candidates and followers, and
// users that call everything that is allowed.
#include "config/validate.hpp"
#include "shell/open.hpp"
#include "sim/cell_link.hpp"
#include "sim/connection.hpp"
#include "sim/node.hpp"
#include "sim/player.hpp"
#include "sim/ports.hpp"
#include "stores/memory/setup.hpp"
#include <neli/logging.hpp>

#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>

#include <algorithm>
#include <mutex>
#include <utility>

namespace neli::sim {

namespace {

/// Writes neli's log lines to the transcript.
class log_lines final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit log_lines(machine& m) : machine_{m} {}

 private:
  void sink_it_(const spdlog::details::log_msg& m) override {
    machine_.say({m.payload.data(), m.payload.size()});
  }
  void flush_() override {}

  machine& machine_;
};

std::shared_ptr<spdlog::logger> logger_for(machine& m) {
  if (!m.around().out) {
    static const auto silent = no_logger();
    return silent;
  }
  auto made = std::make_shared<spdlog::logger>("neli", std::make_shared<log_lines>(m));
  made->set_level(spdlog::level::debug);
  return made;
}

config config_for(const site& s) {
  const auto how = s.follower ? arbitration::ledger : s.how;
  return {.store = store{std::make_shared<const stores::memory::setup>(how, s.roles)},
          .role = s.roles.front(),
          .name = s.machine.name(),
          .lease = lease,
          .clock_drift = drift,
          .barrier_timeout = barrier_timeout,
          .logger = logger_for(s.machine),
          .observer = s.machine.around().trace_of(s.machine.name())};
}

class shell_node final : public node {
 public:
  explicit shell_node(const site& s)
      : machine_{s.machine},
        around_{s.machine.around()},
        follower_{s.follower},
        in_group_{!s.follower && s.how == arbitration::group},
        roles_{s.contends_for},
        session_{open(s)} {
    for (const auto& role : roles_) {
      if (follower_)
        onlookers_.push_back(onlooker::make(machine_, session_, role));
      else
        contend(role);
    }
    // Their first actions are posted already and need a turn.
    machine_.post([] {});
  }
  /// The handles go first, and none of their handlers runs.
  ~shell_node() override {
    for (const auto& p : players_) p->destroy();
    for (const auto& o : onlookers_) o->destroy();
  }

  bool leads(const std::string& role) const override {
    const auto* p = find(role);
    return p && p->leads();
  }
  std::optional<neli::term> term(const std::string& role) const override {
    const auto* p = find(role);
    return p ? p->term() : std::nullopt;
  }
  bool listens(const std::string& role) const override {
    if (const auto* p = find(role)) return !p->closed();
    return std::any_of(onlookers_.begin(), onlookers_.end(),
                       [&](const auto& o) { return o->role() == role; });
  }
  std::optional<leader_info> leader(const std::string& role) const override {
    if (const auto* p = find(role)) return p->leader();
    for (const auto& o : onlookers_)
      if (o->role() == role) return o->leader();
    return std::nullopt;
  }
  bool over() const override { return over_; }
  void cut_off(real d) override {
    if (const auto l = link_.lock()) l->cut_off(d);
    if (wire_) wire_->cut_off(d);
  }
  void lose_place() override {
    if (const auto l = link_.lock()) l->lose_place();
  }

  void act(whim w, const std::string& role) override {
    auto* p = find(role);
    if (follower_ || finishing_) return;
    if (!p || p->closed()) return contend(role);
    switch (w) {
      case whim::resign: return p->resign();
      case whim::close: return around_.dice.chance(0.5) ? p->close() : finish();
      case whim::destroy: return p->destroy();
      case whim::fiddle: return around_.dice.chance(0.1) ? follow(role) : p->fiddle();
    }
  }
  void check_settled() const override {
    for (const auto& p : players_) p->check_settled();
  }
  void finish() override {
    if (std::exchange(finishing_, true)) return;
    for (const auto& p : players_) p->is_closed();
    session_.close([this](boost::system::error_code) { over_ = true; });
  }
  void check_closed() const override {
    for (const auto& p : players_) p->check_closed();
  }

 private:
  neli::session open(const site& s) {
    const auto c = std::make_shared<const config>(complete(config_for(s)));
    auto made = shell::open(
        machine_.executor(), *c, {machine_.name(), machine_.name(), {}, around_.dice.seed()},
        [this](const strand&) { return std::make_unique<time_port>(machine_); },
        [&, this](const strand& on, stores::ledger::listener& l) {
          if (s.cell) {
            wire_ = std::make_shared<wire>(machine_);
            return stores::store{make_register_ledger(*s.cell, wire_, on, l, !follower_), {}};
          }
          auto ledger = std::make_unique<connection>(s.ledger, machine_, l);
          link_ = ledger->link();
          stores::store store{std::move(ledger), {}};
          if (in_group_)
            store.join = [this, &group = s.group](const strand&, stores::membership::listener& m) {
              return std::make_unique<membership_port>(group, machine_, m);
            };
          return store;
        });
    return shell::handle_of(std::move(made), c);
  }

  player* find(const std::string& role) const {
    const auto found = std::find_if(players_.rbegin(), players_.rend(),
                                    [&](const auto& p) { return p->role() == role; });
    return found == players_.rend() ? nullptr : found->get();
  }
  void contend(const std::string& role) {
    players_.push_back(player::make(machine_, session_, role));
  }
  void follow(const std::string& role) {
    onlookers_.push_back(onlooker::make(machine_, session_, role));
  }

  machine& machine_;
  surroundings& around_;
  const bool follower_;
  const bool in_group_;
  const std::vector<std::string> roles_;
  std::weak_ptr<connection> link_;
  std::shared_ptr<wire> wire_;  ///< or this
  neli::session session_;
  std::vector<std::shared_ptr<player>> players_;
  std::vector<std::shared_ptr<onlooker>> onlookers_;
  bool finishing_ = false;
  bool over_ = false;
};

}  // namespace

std::unique_ptr<node> make_shell_node(const site& s) { return std::make_unique<shell_node>(s); }

}  // namespace neli::sim
