// SPDX-License-Identifier: BSL-1.0
// One participant in a world that is made up from the bytes: what others write to the ledger,
// plausible or hostile, what becomes of its own appends, the group, its users, and time.
#include "core/overloaded.hpp"
#include "driver/driver.hpp"
#include "fuzz/bytes.hpp"
#include "fuzz/witness.hpp"

#include <deque>
#include <map>
#include <string>
#include <utility>

using namespace neli;
using namespace neli::fuzz;
using namespace std::chrono_literals;
using core::milliseconds;
using core::offset;
namespace input = core::input;
namespace action = core::action;

namespace {

constexpr std::size_t most_operations = 400;
constexpr auto self = "self";

core::settings drawn_settings(bytes& from) {
  const auto lease = from.one_of({1000ms, 200ms, 600'000ms});
  return {from.flip() ? arbitration::group : arbitration::ledger,
          lease,
          lease / 4,
          from.one_of({500ms, 1ms, 600'000ms}),
          lease / 10,
          {from.one_of({10'000u, 0u, 100'000u})}};
}

class world final : private driver::host {
 public:
  explicit world(bytes from)
      : from_{from},
        settings_{drawn_settings(from_)},
        forged_{from_.pick(8) == 0},
        driver_{settings_, {self, "me", {}, from_.byte()}, *this},
        witness_{settings_, self, forged_} {
    driver_.start();
  }

  void run() {
    for (std::size_t n = 0; n < most_operations && !from_.empty(); ++n) operate();
  }

 private:
  void operate() {
    switch (from_.pick(24)) {
      case 0: return pass(core::span{from_.number(1)});
      case 1: return pass(milliseconds{from_.number(1)});
      case 2: return pass(milliseconds{from_.number(3)});
      case 3: return pass_to_deadline();
      case 4: return start_reading();
      case 5: return write(drawn_record());
      case 6: return write(core::unreadable{});
      case 7: read_next(); return;
      case 8: return read_all();
      case 9: return give(input::end_reached{});
      case 10: return lose_ledger();
      case 11: return land();
      case 12: return answer_append();
      case 13: return give(input::assigned{drawn_role()});
      case 14: return give(input::asked_back{drawn_role()});
      case 15: return give(input::lost{drawn_role()});
      case 16: return contend();
      case 17: return watch();
      case 18: return answer_barrier();
      case 19: return give(input::resign{drawn_role(), milliseconds{from_.number(2)}});
      case 20: return give(input::close{drawn_role()});
      case 21: return give(input::drop{drawn_role()});
      case 22: return be_calm();
      case 23: return rarely();
    }
  }

  void rarely() {
    switch (from_.pick(4)) {
      case 0: return give(input::fail{});
      case 1: return give(input::set_metadata{std::string(from_.pick(9), 'm')});
      case 2: taken_ = static_cast<core::stamp>(from_.number(6)); return;
      case 3: return give(input::left{});
    }
  }

  // --- the machine ---

  const core::participant& machine() const { return driver_.core(); }

  void give(const core::any_input& i) {
    driver_.feed(i);
    driver_.feed(input::tick{});
    require(did_nothing_, "once more changes nothing");
  }

  core::instant now() const override { return at_; }
  bool stopped() const override { return false; }
  void stepped(core::instant at, const core::any_input* in, const core::actions& out) override {
    did_nothing_ = out.empty();
    if (!in) return;
    witness_.before(at, *in);
    witness_.after(machine(), out);
  }
  void perform(const core::any_action& a) override {
    std::visit(core::overloaded{
                   [this](const action::append& x) {
                     check_written(x.record);
                     in_flight_.push_back(x.record);
                     unanswered_.push_back(x.ticket);
                   },
                   [this](const action::read_back& x) {
                     to_read_back_ = x.records;
                     reading_ = false;
                   },
                   [](const auto&) {},
               },
               a);
  }

  void check_written(const core::record& r) const {
    const auto* c = std::get_if<core::claim>(&r);
    // The one term after which there is none.
    if (c && c->term > core::largest_term) return;
    const auto read = core::decode(core::encode(r));
    const auto* known = std::get_if<core::record>(&read);
    const auto* l = std::get_if<core::release>(&r);
    require((known && *known == r) || (l && l->term > core::largest_term),
            "what is written can be read");
  }

  // --- time ---

  void pass(core::span t) {
    at_ += t;
    taken_ += static_cast<core::stamp>(t / 1ms);
    give(input::tick{});
  }

  /// Or to just before it, or beyond.
  void pass_to_deadline() {
    const auto d = machine().deadline();
    if (d == core::never) return;
    pass(std::max(core::span{0}, d - at_ + from_.one_of<core::span>({0ns, -1ns, 1ns, 50ms})));
  }

  // --- the ledger ---

  void start_reading() {
    if (!to_read_back_) return;
    auto first = log_.begin();
    // Never later than before, and if far enough back then from the beginning.
    const auto choice = std::distance(first, log_.upper_bound(since_));
    const bool whole = *to_read_back_ > 1'000'000 || from_.flip();
    if (!whole && choice > 0) std::advance(first, from_.pick(static_cast<std::size_t>(choice)));
    position_ = since_ = first == log_.end() ? end_ : first->first;
    to_read_back_.reset();
    reading_ = true;
    give(input::reading{position_, first == log_.begin()});
  }

  void write(std::variant<core::record, core::unreadable> what) {
    end_ += static_cast<offset>(from_.one_of({0, 0, 0, 1, 1000}));
    log_[end_] = {end_, std::move(what), taken_, from_.pick(8) == 0 ? 0 : ++last_print_};
    ++end_;
  }

  bool read_next() {
    const auto next = log_.lower_bound(position_);
    if (!reading_ || next == log_.end()) return false;
    position_ = next->first + 1;
    give(next->second);
    return true;
  }

  void read_all() {
    while (read_next()) {
    }
    if (reading_) give(input::end_reached{});
  }

  void lose_ledger() {
    log_.clear();
    if (from_.flip()) end_ = 0;
    reading_ = false;
    since_ = std::numeric_limits<offset>::max();
    give(input::gap{});
  }

  /// An own append arrives: the next, or a later one out of turn, perhaps to arrive again.
  void land() {
    if (in_flight_.empty()) return;
    const auto which = from_.pick(4) == 0 ? from_.pick(in_flight_.size()) : 0;
    const auto at = in_flight_.begin() + static_cast<std::ptrdiff_t>(which);
    write(core::decode(core::encode(*at)));
    if (from_.pick(8) != 0) in_flight_.erase(at);
  }

  void answer_append() {
    if (unanswered_.empty()) return;
    const auto which = from_.pick(unanswered_.size());
    const auto ticket = unanswered_[which];
    unanswered_.erase(unanswered_.begin() + static_cast<std::ptrdiff_t>(which));
    if (from_.pick(4) == 0)
      give(input::append_failed{ticket});
    else
      give(input::appended{ticket});
  }

  // --- users ---

  void contend() {
    const auto role = drawn_role();
    if (!witness_.contends(role)) give(input::contend{role});
  }

  void watch() {
    const auto role = drawn_role();
    if (witness_.watches(role))
      give(input::unwatch{role});
    else
      give(input::watch{role});
  }

  /// One that runs or has been given up, or none of any.
  void answer_barrier() {
    const auto& all = witness_.barriers();
    if (all.empty()) return give(input::barrier_done{drawn_role(), from_.byte()});
    const auto [role, id] =
        *std::next(all.begin(), static_cast<std::ptrdiff_t>(from_.pick(all.size())));
    give(input::barrier_done{role, id});
  }

  /// All goes well for once.
  void be_calm() {
    while (!in_flight_.empty()) {
      write(core::decode(core::encode(in_flight_.front())));
      in_flight_.pop_front();
    }
    while (!unanswered_.empty()) {
      const auto ticket = unanswered_.front();
      unanswered_.pop_front();
      give(input::appended{ticket});
    }
    if (to_read_back_) start_reading();
    read_all();
    while (!witness_.barriers().empty()) {
      const auto [role, id] = *witness_.barriers().begin();
      give(input::barrier_done{role, id});
    }
  }

  // --- what others write ---

  std::string drawn_role() { return from_.one_of({"a", "b"}); }

  std::string drawn_id() {
    if (forged_ && from_.flip()) return self;
    return from_.one_of({"x", "y"});
  }

  core::author drawn_author() {
    return {drawn_id(), "", "", from_.one_of({settings_.lease, 1ms, core::longest_lease})};
  }

  core::token drawn_term(const std::string& role) {
    const auto* c = machine().candidate(role);
    const auto told = machine().announced(role).leader;
    const auto known = std::max(c ? c->held() : 0, told ? told->token : 0);
    return std::clamp<core::token>(
        from_.one_of<core::token>({known, known + 1, taken_, last_claimed(role),
                                   core::token{from_.byte()}, core::largest_term}),
        1, core::largest_term);
  }

  core::token last_claimed(const std::string& role) const {
    for (auto r = in_flight_.rbegin(); r != in_flight_.rend(); ++r)
      if (const auto* c = std::get_if<core::claim>(&*r); c && c->role == role) return c->term;
    return 0;
  }

  offset drawn_based_on() {
    return from_.one_of<offset>({end_ - 1, position_ - 1, core::before_first, from_.number(1),
                                 std::numeric_limits<offset>::max()});
  }

  /// What stands there, something else, or nothing that is told.
  core::fingerprint drawn_seen(offset based_on) {
    const auto known = log_.find(based_on);
    return from_.one_of<core::fingerprint>(
        {known == log_.end() ? 0 : known->second.fingerprint, core::largest_fingerprint, 0});
  }

  milliseconds drawn_wait() {
    return from_.one_of({0ms, milliseconds{from_.number(2)}, core::longest_wait});
  }

  core::heartbeat::entry drawn_entry() {
    auto role = from_.pick(8) == 0 ? std::string{"c"} : drawn_role();
    const auto term = drawn_term(role);
    return {std::move(role), term, drawn_wait()};
  }

  core::record drawn_record() {
    const auto role = drawn_role();
    switch (from_.pick(3)) {
      case 0: {
        auto by = drawn_author();
        const auto term = drawn_term(role);
        const auto based_on = drawn_based_on();
        return core::claim{role, std::move(by), term, based_on, drawn_seen(based_on)};
      }
      case 1: {
        core::heartbeat h{
            drawn_author(), static_cast<std::uint64_t>(from_.number(1)), drawn_based_on(), {}, {}};
        h.seen = drawn_seen(h.based_on);
        for (auto n = from_.pick(4); n > 0; --n) h.terms.push_back(drawn_entry());
        if (from_.pick(4) == 0) h.open.push_back(drawn_role());
        return h;
      }
      default: {
        auto id = drawn_id();
        const auto term = drawn_term(role);
        const auto based_on = drawn_based_on();
        const auto wait = drawn_wait();
        return core::release{role, std::move(id), term, based_on, wait, drawn_seen(based_on)};
      }
    }
  }

  bytes from_;
  const core::settings settings_;
  const bool forged_;
  driver driver_;
  witness witness_;
  core::instant at_{1000s};
  bool did_nothing_ = false;  ///< the last step

  std::map<offset, input::read> log_;
  core::stamp taken_ = 5000;          ///< by the log's clock
  core::fingerprint last_print_ = 0;  ///< each record has another
  offset end_ = 0;
  bool reading_ = false;
  offset position_ = 0;
  offset since_ = std::numeric_limits<offset>::max();
  std::optional<std::uint64_t> to_read_back_;
  std::deque<core::record> in_flight_;  ///< own, on the way to the ledger
  std::deque<core::ticket> unanswered_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  world{bytes{{data, size}}}.run();
  return 0;
}
