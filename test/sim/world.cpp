// SPDX-License-Identifier: BSL-1.0
#include "sim/world.hpp"

#include "core/overloaded.hpp"
#include "core/print.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <ostream>

namespace neli::sim {

using namespace std::chrono_literals;
using core::any_input;
using core::instant;
using core::offset;
namespace input = core::input;
namespace action = core::action;

namespace {

using real = std::chrono::nanoseconds;  ///< simulated true time since the start

constexpr auto role = "leader";
constexpr milliseconds lease = 1000ms;
constexpr milliseconds barrier_timeout = 500ms;
constexpr real session_timeout = 2s;

class world;

/// One incarnation of a candidate or follower.
struct node {
  std::string id;
  bool follower = false;
  neli::arbitration how = neli::arbitration::group;
  std::unique_ptr<core::participant> core;
  double rate = 1;
  real offset_of_clock{};
  std::int64_t wall_error_ms = 0;
  bool dead = false;
  real paused_until{};
  std::deque<any_input> inbox;  ///< arrived while it was paused
  bool drain_scheduled = false;
  real tick_at = real::max();
  // reading
  offset position = 0;
  bool reading = false;
  std::uint64_t reads_log = 0;      ///< which of the logs that were made anew
  std::uint64_t reading_epoch = 0;  ///< which reading the scheduled fetches belong to
  real delivered_until{};           ///< records arrive in order
  real appended_until{};            ///< and so do one author's appends
  // the group, as the coordinator knows it
  bool member = false;
  bool owns = false;
  bool unaware = false;  ///< thrown out and does not know it yet
  // what was seen
  std::uint64_t highest_told = 0;
  std::optional<core::token> authority;  ///< between acquired and its end
  int phase = 0;                         ///< of the events: 0 none, 1 acquired, 2 revoked
};

class world {
 public:
  world(const plan& p, std::ostream* out) : plan_{p}, out_{out}, random_{p.seed} {}

  report run();

 private:
  // --- chance ---
  double uniform() { return std::uniform_real_distribution<>{}(random_); }
  bool chance(double p) { return faulty() && uniform() < p; }
  real between(real least, real most) {
    return least +
           real{static_cast<real::rep>(uniform() * static_cast<double>((most - least).count()))};
  }
  bool faulty() const { return t_ < plan_.faulty; }

  // --- time ---
  void at(real when, std::function<void()> what) {
    agenda_.push({std::max(when, t_), next_order_++, std::move(what)});
  }
  void after(real wait, std::function<void()> what) { at(t_ + wait, std::move(what)); }
  instant local(const node& n, real t) const {
    return instant{n.offset_of_clock +
                   real{static_cast<real::rep>(static_cast<double>(t.count()) * n.rate)}};
  }
  real real_of(const node& n, instant i) const {
    return real{static_cast<real::rep>(std::ceil(
        static_cast<double>((i.time_since_epoch() - n.offset_of_clock).count()) / n.rate))};
  }
  core::moment moment(const node& n) const {
    const auto wall = 1'700'000'000'000 + t_.count() / 1'000'000 + n.wall_error_ms;
    return {local(n, t_), static_cast<std::uint64_t>(std::max<std::int64_t>(wall, 1))};
  }
  bool paused(const node& n) const { return t_ < n.paused_until; }

  // --- nodes ---
  void start_node(bool follower);
  void kill(node&);
  void give(node&, any_input);
  void step(node&, const any_input&);
  void perform(node&, const core::actions&);
  void rearm(node&);
  void drain(node&);

  // --- ledger ---
  void append(node&, const action::append&);
  void land(const core::record&);
  void read_back(node&, std::uint64_t records);
  void fetch(node&, real wait);
  void deliver(node&, std::uint64_t epoch);
  void recreate();

  // --- group ---
  void join(node&);
  void leave(node&);
  void reassign();
  void revoke_owner();

  // --- faults ---
  void fault_every_candidate();
  void fault_the_ledger();

  // --- promises ---
  void check();
  void observe(node&, const event&);
  [[noreturn]] void broken(const std::string& what);
  void say(const node& n, const std::string& what) {
    if (out_)
      *out_ << t_.count() / 1'000'000 << "." << (t_.count() / 100'000) % 10 << "ms " << n.id << ": "
            << what << '\n';
  }

  struct entry {
    real when;
    std::uint64_t order;
    std::function<void()> what;
    bool operator<(const entry& o) const {
      return std::tie(when, order) > std::tie(o.when, o.order);
    }
  };

  plan plan_;
  std::ostream* out_;
  std::mt19937_64 random_;
  report report_;
  real t_{};
  std::priority_queue<entry> agenda_;
  std::uint64_t next_order_ = 0;

  std::deque<std::unique_ptr<node>> nodes_;
  int next_id_ = 1;

  std::deque<std::optional<core::record>> log_;  ///< nullopt: foreign
  offset log_begin_ = 0;
  std::uint64_t log_epoch_ = 0;

  node* owner_ = nullptr;
  bool revoking_ = false;

  core::token highest_acquired_ = 0;
  node* last_orderly_ = nullptr;  ///< whose revoked-barrier still runs
  real leaderless_since_{};
};

void world::start_node(bool follower) {
  auto made = std::make_unique<node>();
  auto& n = *made;
  nodes_.push_back(std::move(made));
  n.id = (follower ? "f" : "c") + std::to_string(next_id_++);
  n.follower = follower;
  n.how = plan_.mixed ? (uniform() < 0.5 ? neli::arbitration::group : neli::arbitration::ledger)
                      : plan_.arbitration;
  n.rate = 1 + (uniform() * 2 - 1) * plan_.drift;
  n.offset_of_clock = between(0s, 1000s);
  n.core = std::make_unique<core::participant>(
      core::settings{n.how, lease, lease / 4, barrier_timeout, lease / 10, {}},
      core::identity{n.id, n.id, {}, random_()});
  perform(n, n.core->start(moment(n)));
  if (follower) {
    give(n, input::watch{role});
  } else {
    give(n, input::contend{role});
    if (n.how == neli::arbitration::group) after(between(10ms, 500ms), [this, &n] { join(n); });
  }
}

void world::kill(node& n) {
  if (n.dead) return;
  say(n, "dies");
  n.dead = true;
  n.inbox.clear();
  if (n.member) after(session_timeout, [this, &n] { leave(n); });
}

void world::give(node& n, any_input i) {
  if (n.dead) return;
  n.inbox.push_back(std::move(i));
  drain(n);
}

void world::drain(node& n) {
  if (paused(n)) {
    if (!std::exchange(n.drain_scheduled, true))
      at(n.paused_until, [this, &n] {
        n.drain_scheduled = false;
        if (!n.dead) drain(n);
      });
    return;
  }
  while (!n.inbox.empty() && !n.dead && !paused(n)) {
    const auto i = std::move(n.inbox.front());
    n.inbox.pop_front();
    step(n, i);
  }
}

void world::step(node& n, const any_input& i) {
  ++report_.steps;
  if (out_ && !std::holds_alternative<input::tick>(i)) say(n, "< " + core::print(i));
  const auto actions = n.core->step(moment(n), i);
  perform(n, actions);
  rearm(n);
  check();
}

void world::rearm(node& n) {
  const auto d = n.core->deadline();
  if (d == core::never || n.dead) return;
  const auto when = std::max(real_of(n, d), t_ + 1ns);
  if (n.tick_at <= when && n.tick_at > t_) return;
  n.tick_at = when;
  at(when, [this, &n, when] {
    if (n.dead || n.tick_at != when) return;
    n.tick_at = real::max();
    give(n, input::tick{});
  });
}

void world::perform(node& n, const core::actions& actions) {
  for (const auto& a : actions) {
    if (n.dead) return;
    if (out_) say(n, "> " + core::print(a, instant{n.offset_of_clock}));
    std::visit(
        core::overloaded{
            [&](const action::append& x) { append(n, x); },
            [&](const action::read_back& x) { read_back(n, x.records); },
            [&](const action::emit& x) { observe(n, x.event); },
            [&](const action::lead&) {},
            [&](const action::stop_leading&) {},
            [&](const action::run_barrier& x) {
              const bool orderly = x.event.as<leader_revoked>();
              if (orderly) last_orderly_ = &n;
              const auto takes = chance(plan_.faults.slow_barrier)
                                     ? between(0s, 3 * barrier_timeout)
                                     : between(0s, 20ms);
              after(takes, [this, &n, id = x.id] { give(n, input::barrier_done{role, id}); });
            },
            [&](const action::cancel_barrier& x) {
              if (!chance(plan_.faults.deaf_barrier))
                after(between(0s, 5ms), [this, &n, id = x.id] {
                  give(n, input::barrier_done{role, id});
                });
            },
            [&](const action::abandon_barrier&) {},
            [&](const action::give_back&) {
              n.owns = false;
              if (owner_ == &n) {
                owner_ = nullptr;
                revoking_ = false;
                after(between(1ms, 200ms), [this] { reassign(); });
              }
            },
            [&](const action::finished&) {
              after(1ms, [this, &n] {
                leave(n);
                n.dead = true;
              });
            },
        },
        a);
  }
}

// --- ledger ---

void world::append(node& n, const action::append& a) {
  ++report_.appends;
  if (chance(plan_.faults.overtaken)) {
    after(between(0s, 2 * lease), [this, r = a.record] { land(r); });
    after(between(1ms, lease), [this, &n, t = a.ticket] { give(n, input::append_failed{t}); });
    return;
  }
  auto arrives =
      t_ + (chance(plan_.faults.slow_append) ? between(0s, 2 * lease) : between(500us, 5ms));
  arrives = n.appended_until = std::max(arrives, n.appended_until + 1us);
  // A librdkafka message that cannot be delivered within the lease is dropped.
  const bool lost = chance(plan_.faults.lose_append);
  const bool ack = !lost && !chance(plan_.faults.lose_ack);
  const bool twice = chance(plan_.faults.duplicate);
  if (!lost)
    at(arrives, [this, r = a.record, twice] {
      land(r);
      if (twice) after(between(0s, 20ms), [this, r] { land(r); });
    });
  const auto answer = ack ? arrives + between(100us, 2ms) : std::max(arrives, t_ + lease);
  at(answer, [this, &n, t = a.ticket, ack] {
    if (ack)
      give(n, input::appended{t});
    else
      give(n, input::append_failed{t});
  });
}

void world::land(const core::record& r) {
  if (out_)
    *out_ << t_.count() / 1'000'000
          << "ms ledger: " << log_begin_ + static_cast<offset>(log_.size()) << " " << core::print(r)
          << '\n';
  log_.emplace_back(r);
  for (auto& n : nodes_)
    if (!n->dead && n->reading) fetch(*n, between(300us, 3ms));
}

void world::read_back(node& n, std::uint64_t records) {
  n.reading = false;
  const auto epoch = ++n.reading_epoch;
  after(between(5ms, 40ms), [this, &n, epoch, records] {
    if (n.dead || n.reading_epoch != epoch) return;
    const auto end = log_begin_ + static_cast<offset>(log_.size());
    // Short tails: what they hide is what starting to read has to cope with.
    const auto most = plan_.seed % 2 == 0 ? records / 100 : records;
    const auto tail = static_cast<offset>(random_() % (most + 1));
    n.position = std::max(log_begin_, end - tail);
    n.reading = true;
    n.reads_log = log_epoch_;
    give(n, input::reading{n.position, n.position == log_begin_});
    fetch(n, between(300us, 3ms));
  });
}

void world::fetch(node& n, real wait) {
  auto when = t_ + (chance(plan_.faults.slow_read) ? between(0s, 2 * lease) : wait);
  when = n.delivered_until = std::max(when, n.delivered_until);
  at(when, [this, &n, epoch = n.reading_epoch] { deliver(n, epoch); });
}

void world::deliver(node& n, std::uint64_t epoch) {
  if (n.dead || !n.reading || n.reading_epoch != epoch) return;
  const auto end = log_begin_ + static_cast<offset>(log_.size());
  if (n.position < log_begin_ || n.position > end || n.reads_log != log_epoch_) {
    n.reading = false;
    return give(n, input::gap{});
  }
  while (n.position < end && n.reading && n.reading_epoch == epoch) {
    const auto at = n.position++;
    const auto& r = log_[static_cast<std::size_t>(at - log_begin_)];
    if (r)
      give(n, input::read{at, *r});
    else
      give(n, input::read{at, core::unreadable{}});
  }
  if (n.reading && n.reading_epoch == epoch) give(n, input::end_reached{});
}

void world::recreate() {
  if (out_) *out_ << t_.count() / 1'000'000 << "ms the ledger is made anew\n";
  log_.clear();
  log_begin_ = 0;
  ++log_epoch_;
  for (auto& n : nodes_)
    if (!n->dead && n->reading) fetch(*n, between(1ms, 100ms));
}

// --- group ---

void world::join(node& n) {
  if (n.dead || n.member) return;
  n.member = true;
  after(between(10ms, 300ms), [this] { reassign(); });
}

void world::leave(node& n) {
  n.member = false;
  if (std::exchange(n.owns, false) && owner_ == &n) {
    owner_ = nullptr;
    revoking_ = false;
    after(between(1ms, 200ms), [this] { reassign(); });
  }
}

void world::reassign() {
  if (owner_) return;
  std::vector<node*> members;
  for (auto& n : nodes_)
    if (n->member && !n->dead && !paused(*n) && !n->unaware) members.push_back(n.get());
  if (members.empty()) return;
  owner_ = members[random_() % members.size()];
  owner_->owns = true;
  give(*owner_, input::assigned{role});
}

void world::revoke_owner() {
  if (!owner_ || revoking_ || owner_->dead) return;
  revoking_ = true;
  auto& n = *owner_;
  give(n, input::revoked{role});
  after(session_timeout, [this, &n] {
    if (owner_ == &n && revoking_) {
      say(n, "is thrown out of the group");
      owner_ = nullptr;
      revoking_ = false;
      n.owns = false;
      give(n, input::lost{role});
      reassign();
    }
  });
}

// --- faults ---

void world::fault_every_candidate() {
  if (!faulty()) return;
  const auto& f = plan_.faults;
  const auto period = 100ms;
  const double part = 0.1;
  const auto count = nodes_.size();
  for (std::size_t i = 0; i < count; ++i) {
    auto& n = *nodes_[i];
    if (n.dead || paused(n)) continue;
    if (chance(f.pause * part)) {
      n.paused_until = t_ + between(0s, 3 * lease);
      say(n, "is paused until " + std::to_string(n.paused_until.count() / 1'000'000));
      at(n.paused_until, [this] { check(); });
      if (n.owns && n.paused_until - t_ > session_timeout)
        after(session_timeout, [this, &n] {
          if (!n.owns || n.dead) return;
          n.owns = false;
          say(n, "is thrown out of the group");
          if (owner_ == &n) owner_ = nullptr, revoking_ = false;
          const auto learns = chance(plan_.faults.late_loss) ? between(0s, 2 * lease) : 0s;
          n.unaware = true;
          at(n.paused_until + learns, [this, &n] {
            n.unaware = false;
            give(n, input::lost{role});
            reassign();
          });
          reassign();
        });
    }
    if (n.follower) continue;
    if (chance(f.crash * part)) {
      kill(n);
      after(between(0s, 3s), [this] { start_node(false); });
    } else if (chance(f.close * part)) {
      give(n, input::close{role});
      after(between(0s, 3s), [this] { start_node(false); });
    } else if (chance(f.resign * part)) {
      give(n, input::resign{role, milliseconds{500}});
    }
    if (chance(f.clock_jump * part))
      n.wall_error_ms = static_cast<std::int64_t>((uniform() * 2 - 1) * 1e7);
  }
  after(period, [this] { fault_every_candidate(); });
}

void world::fault_the_ledger() {
  if (!faulty()) return;
  const auto& f = plan_.faults;
  const double part = 0.1;
  if (chance(f.truncate * part) && !log_.empty()) {
    const auto keep = random_() % log_.size();
    while (log_.size() > keep) log_.pop_front(), ++log_begin_;
  }
  if (chance(f.recreate * part)) recreate();
  if (chance(f.rebalance * part)) revoke_owner();
  if (chance(f.noise * part)) log_.emplace_back(std::nullopt);
  after(100ms, [this] { fault_the_ledger(); });
}

// --- promises ---

void world::broken(const std::string& what) {
  throw violation{"at " + std::to_string(t_.count() / 1'000'000) + " ms: " + what};
}

void world::check() {
  const node* leader = nullptr;
  for (const auto& n : nodes_) {
    if (n->dead || paused(*n)) continue;
    const auto* c = n->core->candidate(role);
    if (!c || !c->leads_at(local(*n, t_))) continue;
    if (leader) broken(leader->id + " and " + n->id + " lead at once");
    leader = n.get();
  }
  if (leader || t_ < plan_.faulty)
    leaderless_since_ = t_;
  else
    report_.longest_gap_ms = std::max<std::int64_t>(report_.longest_gap_ms,
                                                    (t_ - leaderless_since_).count() / 1'000'000);
}

void world::observe(node& n, const event& e) {
  std::visit(core::overloaded{
                 [&](const leader_acquired& a) {
                   ++report_.elections;
                   if (n.phase != 0) broken(n.id + " acquired twice");
                   n.phase = 1;
                   if (a.term.token() <= highest_acquired_ && plan_.faults.recreate == 0)
                     broken(n.id + " acquired a token that does not grow");
                   highest_acquired_ = std::max(highest_acquired_, a.term.token());
                 },
                 [&](const leader_revoked&) {
                   if (n.phase != 1) broken(n.id + " revoked without having acquired");
                   n.phase = 0;
                 },
                 [&](const leader_fenced&) { n.phase = 0; },
                 [&](const leader_changed& c) {
                   if (!c.leader) return;
                   if (c.leader->token < n.highest_told && plan_.faults.recreate == 0)
                     broken(n.id + " was told a lower term after a higher one");
                   n.highest_told = c.leader->token;
                 },
                 [](const barrier_failed&) {},
                 [](const trouble&) {},
                 [](const task_failed&) {},
             },
             static_cast<const event_base&>(e));
}

report world::run() {
  for (int i = 0; i < plan_.candidates; ++i) after(between(0s, 2s), [this] { start_node(false); });
  for (int i = 0; i < plan_.followers; ++i) after(between(0s, 20s), [this] { start_node(true); });
  fault_every_candidate();
  fault_the_ledger();
  // Somebody is there when the faults are over.
  at(plan_.faulty, [this] { start_node(false); });
  const real end = plan_.faulty + plan_.quiet;
  while (!agenda_.empty() && agenda_.top().when <= end) {
    auto next = agenda_.top();
    agenda_.pop();
    t_ = next.when;
    next.what();
  }
  t_ = end;
  check();
  if (t_ - leaderless_since_ > 10s) broken("nobody leads though the faults are over");
  return report_;
}

}  // namespace

report run(const plan& p, std::ostream* transcript) { return world{p, transcript}.run(); }

}  // namespace neli::sim
