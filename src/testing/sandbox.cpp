// SPDX-License-Identifier: BSL-1.0
#include "config/validate.hpp"
#include "core/record.hpp"
#include "shell/open.hpp"
#include "stores/memory/ledger.hpp"
#include "stores/memory/setup.hpp"
#include <neli/testing/sandbox.hpp>

#include <boost/asio/post.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

namespace neli::testing {

namespace asio = boost::asio;
namespace memory = stores::memory;

namespace {

class port;

/// Who owns a role by the group, and who is to own it once all others have given it back, also one
/// that leads without being its owner.
struct seat {
  port* owner = nullptr;
  port* next_owner = nullptr;
  std::set<port*> asked_back;
};

/// It takes records by the sandbox's clock.
class timed_log final : public memory::log {
 public:
  explicit timed_log(const clock::time_point& now) : now_{now} {}

 private:
  core::stamp now() const override {
    const auto t = now_.time_since_epoch();
    return static_cast<core::stamp>(
        std::chrono::duration_cast<std::chrono::milliseconds>(t).count());
  }

  const clock::time_point& now_;
};

/// What all candidates of a sandbox share.
struct world {
  clock::time_point now{std::chrono::hours{1}};
  std::multimap<clock::time_point, std::function<void()>> agenda;
  timed_log log{now};
  std::vector<port*> members;
  std::set<std::string> known_roles;
  std::map<std::string, seat> seats;

  void at(clock::time_point when, std::function<void()> what) {
    agenda.emplace(when, std::move(what));
  }
  void give_to_next(const std::string& role);
};

/// One session's access to the world: the conditions of its ledger, and its membership.
class port final : public memory::conditions, public std::enable_shared_from_this<port> {
 public:
  port(world& w, const config& c)
      : in_group{c.store.setup()->arbitration() == arbitration::group}, world_{w}, lease_{c.lease} {
    if (in_group) w.members.push_back(this);
  }
  ~port() override {
    std::erase(world_.members, this);
    quit();
  }

  std::unique_ptr<stores::ledger> open_ledger(const strand& s, stores::ledger::listener& l) {
    strand_ = s;
    auto made = std::make_unique<memory::ledger>(world_.log, shared_from_this(), l);
    ledger_ = made->link();
    return made;
  }

  // --- conditions ---

  void answer(event e) override { asio::post(*strand_, std::move(e)); }
  void look(event e) override { arrive(std::move(e)); }
  void fetch(event e) override { arrive(std::move(e)); }
  void append(event e, outcome told) override {
    if (partitioned_) return later(lease_, [told = std::move(told)] { told(false); });
    later(delay_, [e = std::move(e), told = std::move(told)] {
      // The author hears so before it reads its record.
      told(true);
      e();
    });
  }

  void delay(clock::duration d) { delay_ = d; }
  void partition() { partitioned_ = true; }
  void heal() {
    partitioned_ = false;
    for (const auto& e : std::exchange(held_up_, {})) e();
  }
  void fail(stores::error_code code, const std::string& what) {
    if (const auto l = ledger_.lock()) l->fail(code, what);
  }
  void trouble(stores::error_code code, const std::string& what) {
    if (const auto l = ledger_.lock()) l->trouble(code, what);
  }

  // --- the group ---

  void assign(const std::string& role) { tell(&stores::membership::listener::assigned, role); }
  void revoke(const std::string& role) {
    if (!membership_) return given_back(role);
    tell(&stores::membership::listener::asked_back, role);
  }
  void lose_role(const std::string& role) { tell(&stores::membership::listener::lost, role); }
  void given_back(const std::string& role) {
    auto& s = world_.seats[role];
    if (s.owner == this) s.owner = nullptr;
    s.asked_back.erase(this);
    world_.give_to_next(role);
  }
  /// A candidate that has left the group is given no role.
  void quit() {
    membership_ = nullptr;
    for (auto& [role, s] : world_.seats) {
      if (s.next_owner == this) s.next_owner = nullptr;
      given_back(role);
    }
  }
  void leave(std::function<void()> left) {
    quit();
    answer([weak = weak_from_this(), left = std::move(left)] {
      if (!weak.expired()) left();
    });
  }

  void join(stores::membership::listener& m) {
    membership_ = &m;
    for (const auto& [role, s] : world_.seats)
      if (s.owner == this) assign(role);
  }

  const bool in_group;

 private:
  /// What is on its way to it.
  void arrive(event e) {
    later(delay_, [this, e = std::move(e)] {
      if (partitioned_) return held_up_.push_back(e);
      e();
    });
  }
  void later(clock::duration wait, event e) {
    if (wait == clock::duration::zero()) return e();
    world_.at(world_.now + wait, [weak = weak_from_this(), e = std::move(e)] {
      if (const auto self = weak.lock()) e();
    });
  }
  void tell(void (stores::membership::listener::*what)(const std::string&), std::string role) {
    if (!membership_) return;
    answer([weak = weak_from_this(), what, role = std::move(role)] {
      if (const auto self = weak.lock(); self && self->membership_)
        (self->membership_->*what)(role);
    });
  }

  world& world_;
  const clock::duration lease_;
  std::optional<strand> strand_;
  std::weak_ptr<memory::ledger> ledger_;
  stores::membership::listener* membership_ = nullptr;
  clock::duration delay_{};
  bool partitioned_ = false;
  std::vector<event> held_up_;  ///< by that
};

void world::give_to_next(const std::string& role) {
  auto& s = seats[role];
  if (!s.asked_back.empty() || !s.next_owner) return;
  s.owner = std::exchange(s.next_owner, nullptr);
  s.owner->assign(role);
}

class memory_membership final : public stores::membership {
 public:
  memory_membership(std::shared_ptr<port> p, listener& l) : port_{std::move(p)}, listener_{l} {}
  void join() override { port_->join(listener_); }
  void give_back(const std::string& role) override { port_->given_back(role); }
  void leave(std::function<void()> left) override { port_->leave(std::move(left)); }
  void stop() override { port_->quit(); }

 private:
  std::shared_ptr<port> port_;
  listener& listener_;
};

/// Its alarm rings when the test says that it is time.
class manual_time final : public time_source {
 public:
  manual_time(std::shared_ptr<world> w, const strand& s) : world_{std::move(w)}, strand_{s} {}
  ~manual_time() override { stop(); }

  clock::time_point now() const noexcept override { return world_->now; }
  void wake_at(clock::time_point when, std::function<void()> what) override {
    stop();
    if (when == clock::time_point::max()) return;
    auto alive = alive_ = std::make_shared<bool>(true);
    world_->at(when, [s = strand_, alive, what = std::move(what)] {
      asio::post(s, [alive, what] {
        if (*alive) what();
      });
    });
  }
  void stop() override {
    if (alive_) *alive_ = false;
  }

 private:
  std::shared_ptr<world> world_;
  strand strand_;
  std::shared_ptr<bool> alive_;
};

}  // namespace

struct __attribute__((visibility("hidden"))) sandbox::impl {
  explicit impl(asio::io_context& c) : context{c} {}

  port& of(const connected& c) const {
    const auto found = ports.find(c.session_);
    const auto p = found == ports.end() ? nullptr : found->second.lock();
    if (!p) throw std::logic_error{"neli: it is closed, or not of this sandbox"};
    return *p;
  }
  port& member(const candidate& c) const {
    auto& p = of(c);
    if (!p.in_group)
      throw std::logic_error{"neli: a contender is not given the role: see neli::testing::sandbox"};
    return p;
  }

  /// Gives the ledger a past: the role's first leader need not wait for a leader that it may have
  /// forgotten.
  void know(const std::string& role) {
    if (!shared->known_roles.insert(role).second) return;
    auto& log = shared->log;
    const auto at = log.end();
    const core::author nobody{"nobody", "", "", std::chrono::milliseconds{1}};
    log.append(core::encode(core::claim{role, nobody, 1, at - 1}));
    log.append(core::encode(core::release{role, nobody.id, 1, at, {}}));
  }

  std::shared_ptr<shell::session> open(const config& c) {
    const auto made = std::make_shared<port>(*shared, c);
    // The same in every run: a test that fails once fails always.
    ++opened;
    const core::identity self{"sandbox-" + std::to_string(opened), c.name, c.metadata, opened};
    auto s = shell::open(
        context.get_executor(), c, self,
        [w = shared](const strand& on) { return std::make_unique<manual_time>(w, on); },
        [made](const strand& on, stores::ledger::listener& l) {
          stores::store store{made->open_ledger(on, l), {}};
          if (made->in_group)
            store.join = [made](const strand&, stores::membership::listener& m) {
              return std::make_unique<memory_membership>(made, m);
            };
          return store;
        });
    ports[s.get()] = made;
    return s;
  }

  asio::io_context& context;
  std::shared_ptr<world> shared = std::make_shared<world>();
  std::map<const shell::session*, std::weak_ptr<port>> ports;
  std::uint64_t opened = 0;
};

connected::connected(const candidate& c) : session_{&c.candidate_->get_session()} {}
connected::connected(const follower& f) : session_{&f.follower_->get_session()} {}
connected::connected(const session& s) : session_{s.session_.get()} {}

sandbox::sandbox(asio::io_context& c) : impl_{std::make_shared<impl>(c)} {}
sandbox::~sandbox() = default;

namespace {

config completed(config given, arbitration how, std::vector<std::string> roles) {
  auto c = complete(std::move(given));
  c.store = store{std::make_shared<const stores::memory::setup>(how, std::move(roles))};
  return c;
}

}  // namespace

candidate sandbox::make(config given, arbitration how, barrier_function barrier) {
  const auto role = given.role;
  const auto c = completed(std::move(given), how, {role});
  impl_->know(c.role);
  candidate made{shell::contend(impl_->open(c), c, std::move(barrier))};
  settle();
  return made;
}

candidate sandbox::make_candidate(config c, barrier_function barrier) {
  return make(std::move(c), arbitration::group, std::move(barrier));
}

candidate sandbox::make_contender(config c, barrier_function barrier) {
  return make(std::move(c), arbitration::ledger, std::move(barrier));
}

follower sandbox::make_follower(config given) {
  const auto c = completed(std::move(given), arbitration::ledger, {});
  impl_->know(c.role);
  follower made{shell::follow(impl_->open(c), c)};
  settle();
  return made;
}

session sandbox::make_session(config given, const std::vector<std::string>& roles,
                              arbitration how) {
  const auto c = std::make_shared<const config>(completed(std::move(given), how, roles));
  for (const auto& role : roles) impl_->know(role);
  auto made = shell::handle_of(impl_->open(*c), c);
  settle();
  return made;
}

// --- time ---

clock::time_point sandbox::now() const { return impl_->shared->now; }

void sandbox::settle() { run_for(clock::duration::zero()); }

void sandbox::run_for(clock::duration d) {
  auto& now = impl_->shared->now;
  auto& agenda = impl_->shared->agenda;
  const auto end = now + d;
  const auto poll = [this] {
    impl_->context.restart();
    impl_->context.poll();
  };
  poll();
  while (!agenda.empty() && agenda.begin()->first <= end) {
    now = std::max(now, agenda.begin()->first);
    const auto what = std::move(agenda.begin()->second);
    agenda.erase(agenda.begin());
    what();
    poll();
  }
  now = end;
}

void sandbox::jump(clock::duration d) { impl_->shared->now += d; }

// --- the group ---

void sandbox::acquire(const candidate& c) {
  const auto& role = c.candidate_->name();
  auto& s = impl_->shared->seats[role];
  auto* next = &impl_->member(c);
  s.next_owner = next;
  const auto members = impl_->shared->members;
  for (auto* p : members)
    if (p != next) s.asked_back.insert(p);
  for (auto* p : members)
    if (p != next) p->revoke(role);
  impl_->shared->give_to_next(role);
  settle();
}

void sandbox::revoke(const candidate& c) {
  impl_->member(c).revoke(c.candidate_->name());
  settle();
}

void sandbox::fence(const candidate& c) {
  const auto& role = c.candidate_->name();
  auto& p = impl_->member(c);
  auto& s = impl_->shared->seats[role];
  if (s.owner == &p) s.owner = nullptr;
  p.lose_role(role);
  settle();
}

// --- the ledger ---

void sandbox::partition(const connected& c) { impl_->of(c).partition(); }

void sandbox::heal(const connected& c) {
  impl_->of(c).heal();
  settle();
}

void sandbox::delay(const connected& c, clock::duration d) { impl_->of(c).delay(d); }

void sandbox::lose_ledger() {
  impl_->shared->log.make_anew();
  settle();
}

void sandbox::append(std::string value) {
  impl_->shared->log.append(std::move(value));
  settle();
}

// --- errors ---

void sandbox::fail(const connected& c, boost::system::error_code code, const std::string& what) {
  impl_->of(c).fail(code, what);
  settle();
}

void sandbox::trouble(const connected& c, boost::system::error_code code, const std::string& what) {
  impl_->of(c).trouble(code, what);
  settle();
}

}  // namespace neli::testing
