// SPDX-License-Identifier: BSL-1.0
// All that can happen to a candidate, in every order. A script is a place to start from and steps:
//
//     ledger leading task: resign&lose open lease
//
// `&` joins a step to the step before it: it follows before that has had any effect. All scripts up
// to a length are played, from every place, and after each step the rules that always hold are
// checked. Longer stories are played again and again, with each of their steps failing in turn.
//
//     NELI_INTERLEAVING='...' neli_shell_test -t interleaving/of_one_script
//
// plays one script and shows what happens. NELI_INTERLEAVING_LENGTH=3 makes the scripts of all
// steps longer.
//
// Tasks and barriers wait until a step lets them go on; `stubborn` ones do not heed cancellation.
#include "support/shell_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <initializer_list>
#include <iostream>
#include <list>
#include <stdexcept>
#include <string_view>

using namespace neli;
using namespace std::chrono_literals;
using test::gate;

namespace {

constexpr auto lease = 200ms;
constexpr auto beat = lease / 4;
constexpr auto barrier_timeout = 300ms;
constexpr auto slice = beat / 2;

/// Barriers or tasks of a player, which wait until a step lets them go on.
struct activity {
  explicit activity(asio::io_context& c) : shut{c} {}

  struct run {
    std::optional<clock::time_point> cancelled;
  };
  gate shut;
  std::list<run> runs;
  bool throws = false;

  /// How many have to be waited for: a barrier or task that does not heed its cancellation may be
  /// given up.
  auto awaited(clock::time_point now) const {
    return std::count_if(runs.begin(), runs.end(), [&](const auto& r) {
      return !r.cancelled || now < *r.cancelled + barrier_timeout;
    });
  }
};

struct operation {
  std::string what;
  clock::time_point due;
  asio::cancellation_signal cancel;
  bool cancelled = false;
  int completions = 0;
};

/// One of the two candidates, and what is known of it.
struct player {
  player(std::string n, asio::io_context& c) : name{std::move(n)}, barriers{c}, tasks{c} {}

  const std::string name;
  std::optional<neli::candidate> candidate;
  std::optional<event_stream> events;
  activity barriers;
  activity tasks;
  std::optional<event> last_turn;
  bool closes = false;
  bool fails = false;

  bool lives() const { return candidate && candidate->state() == candidate_state::live; }
  bool connected() const { return candidate && candidate->state() != candidate_state::closed; }
  bool leads() const { return candidate && candidate->is_leader(); }
  /// Whether work of its term may still go on, for which the other has to wait.
  bool in_office(clock::time_point now) const {
    if (!candidate || !last_turn || last_turn->as<leader_fenced>()) return false;
    return last_turn->as<leader_acquired>() || barriers.awaited(now) > 0 || tasks.awaited(now) > 0;
  }
};

const neli::term& term_of(const event& turn) {
  if (const auto* e = turn.as<leader_acquired>()) return e->term;
  if (const auto* e = turn.as<leader_revoked>()) return e->term;
  return turn.as<leader_fenced>()->term;
}

/// The place where scripts are played.
class scene : test::shell_fixture {
  using names = std::initializer_list<std::string_view>;

  // --- operations ---

  std::shared_ptr<operation> begin(std::string what,
                                   clock::duration bound = clock::duration::max()) {
    auto o = std::make_shared<operation>();
    o->what = std::move(what);
    o->due = bound == clock::duration::max() ? clock::time_point::max() : sandbox.now() + bound;
    operations_.push_back(o);
    return o;
  }
  auto handler(player& p, std::shared_ptr<operation> o) {
    const auto slot = o->cancel.slot();
    return asio::bind_cancellation_slot(slot, [this, &p, o](error_code e, auto...) {
      show(p.name + " " + o->what + " completes: " + e.message());
      expect(++o->completions == 1, o->what + " completes twice");
      allow(p, o->what, e, o->cancelled);
      const bool over = p.barriers.awaited(sandbox.now()) + p.tasks.awaited(sandbox.now()) == 0;
      if (o->what == "close" && !e && p.candidate) expect(over, "close does not wait");
    });
  }
  std::vector<std::shared_ptr<operation>> outstanding(names which) const {
    std::vector<std::shared_ptr<operation>> found;
    for (const auto& o : operations_)
      if (!o->completions && !o->cancelled &&
          std::find(which.begin(), which.end(), o->what) != which.end())
        found.push_back(o);
    return found;
  }
  void allow(const player& p, const std::string& what, error_code e, bool cancelled) {
    bool allowed = !e && what != "lead" && what != "next";
    if (e == asio::error::operation_aborted) allowed = cancelled;
    if (e == errc::closed) allowed = p.closes && what != "close" && what != "wait_closed";
    if (e == errc::not_authorized) allowed = p.fails && what != "close";
    expect(allowed, what + " completes with " + (e ? e.message() : "success"));
  }

 public:
  scene(std::string where, bool shows)
      : where_{" " + std::move(where) + " "}, shows_{shows}, stubborn_{is("stubborn")} {
    if (is("standby")) make(b);
    make(a);
    if (!b.candidate) make(b);
    if (is("task")) lead();
    if (is("group")) sandbox.acquire(is("standby") ? *b.candidate : *a.candidate);
    settle();
    if (is("leading") || is("leaving")) open(a.barriers);
    settle();
    if (is("leaving") && is("group")) sandbox.acquire(*b.candidate);
    if (is("leaving") && !is("group")) resign(a, 0ms);
    settle();
  }
  /// Ends all that still runs, as it refers to the scene.
  ~scene() {
    destroy(a);
    destroy(b);
    session_.reset();
    settle();
    let_go();
    settle();
    destroyed_ = true;
  }

  bool is(const std::string& word) const {
    return where_.find(" " + word + " ") != std::string::npos;
  }
  void show(const std::string& what) {
    if (shows_) std::cout << (sandbox.now().time_since_epoch() - 1h) / 1ms << "ms " << what << '\n';
  }

  // --- steps ---

  void settle() { pass(0ms); }
  void pass(clock::duration d) {
    for (const auto end = sandbox.now() + d;;
         sandbox.run_for(std::min<clock::duration>(slice, end - sandbox.now()))) {
      sandbox.settle();
      check();
      if (sandbox.now() >= end) return;
    }
  }
  void pause() {
    sandbox.jump(2 * lease);
    for (const auto& o : operations_)
      o->due += std::min<clock::duration>(2 * lease, clock::time_point::max() - o->due);
    check();
  }

  void resign(player& p, clock::duration stand_back) {
    auto o = begin("resign", barrier_timeout + lease);
    p.candidate->resign(stand_back, handler(p, o));
  }
  void close(player& p) {
    p.closes = true;
    p.candidate->close(handler(p, begin("close", 4 * barrier_timeout + lease)));
  }
  void end_session() {
    a.closes = true;
    session_->close(handler(a, begin("close", 4 * barrier_timeout + lease)));
    session_.reset();
  }
  void destroy(player& p) {
    p.closes = true;
    p.candidate.reset();
  }
  void lead() {
    auto o = begin("lead");
    const lead_options options{.margin = 0ms, .back_off = lease, .longest_back_off = lease};
    a.candidate->lead([this](neli::term) { return work(a.tasks); }, options, handler(a, o));
  }
  void pulse() {
    auto o = begin("pulse", 2 * beat);
    a.candidate->pulse(2 * beat, handler(a, o));
  }
  bool waits(names which) const { return !outstanding(which).empty(); }
  void cancel(names which) {
    for (const auto& o : outstanding(which)) {
      o->cancelled = true;
      o->cancel.emit(asio::cancellation_type::terminal);
    }
  }
  void open(activity& of, bool throws = false) {
    of.throws = throws;
    of.shut.open();
  }
  void give(player& p) { sandbox.acquire(*p.candidate); }
  void throw_out() {
    sandbox.fence(*a.candidate);
    if (b.connected()) give(b);
  }
  void cut() {
    sandbox.partition(*a.candidate);
    cut_ = true;
  }
  void heal() {
    cut_ = false;
    sandbox.heal(*a.candidate);
  }
  void lose() { sandbox.lose_ledger(); }
  void fail() {
    a.fails = true;
    sandbox.fail(*a.candidate, errc::not_authorized, "no right to write");
  }

  bool cut_off() const { return cut_; }
  bool has_session() const { return session_.has_value(); }

  // --- the end ---

  /// Lets everything go on: it must come to an end.
  void finish() {
    settle();
    if (cut_ && a.connected()) heal();
    let_go();
    if (a.candidate && !a.lives()) expect(comes([&] { return !a.connected(); }), "a does not end");
    if (is("group")) {
      pass(3 * lease);  // a candidate that stands back does not keep a role that it is given
      for (auto* p : {&a, &b})
        if (p->lives()) {
          give(*p);
          expect(comes([&] { return p->leads(); }),
                 p->name + " is given the role and does not lead");
        }
    } else {
      if (a.lives() || b.lives())
        expect(comes([&] { return a.leads() || b.leads(); }), "nobody leads");
      if (b.lives()) close(b);
      if (a.lives()) expect(comes([&] { return a.leads(); }), "a alone does not lead");
    }
    if (a.lives()) close(a);
    if (b.lives()) close(b);
    const auto all_done = [&] {
      return std::all_of(operations_.begin(), operations_.end(),
                         [](const auto& o) { return o->completions > 0; });
    };
    if (!comes(all_done))
      for (const auto& o : operations_) expect(o->completions > 0, o->what + " does not complete");
  }

  player a{"a", context};
  player b{"b", context};
  std::vector<std::string> broken;

 private:
  void expect(bool what, const std::string& otherwise) {
    if (what) return;
    show("!!! " + otherwise);
    broken.push_back(otherwise);
  }

  void make(player& p) {
    auto c = named(p.name);
    c.lease = lease;
    c.barrier_timeout = barrier_timeout;
    auto barrier = [this, &p](event e) { return turn(p, std::move(e)); };
    if (&p == &a && is("session")) {
      session_ =
          sandbox.make_session(c, {c.role}, is("group") ? arbitration::group : arbitration::ledger);
      p.candidate = session_->candidate(c.role, barrier);
    } else {
      p.candidate =
          is("group") ? sandbox.make_candidate(c, barrier) : sandbox.make_contender(c, barrier);
    }
    p.events = p.candidate->events();
    read(p);
    if (&p == &a) p.candidate->wait_closed(handler(a, begin("wait_closed")));
  }

  // --- what the candidates call ---

  asio::awaitable<void> turn(player& p, event e) {
    show(p.name + " barrier: " + to_string(e));
    const bool over = p.last_turn && p.last_turn->as<leader_fenced>();
    if (e.as<leader_revoked>()) expect(!over, "a barrier that was overtaken");
    expect(p.barriers.awaited(sandbox.now()) == 0, "two barriers at once");
    if (e.as<leader_revoked>())
      expect(p.tasks.awaited(sandbox.now()) == 0, "a barrier before the task's end");
    if (e.as<leader_acquired>()) {
      const auto token = term_of(e).token();
      expect(token > highest_, "the token does not grow");
      highest_ = token;
      expect(!(&p == &a ? b : a).in_office(sandbox.now()),
             p.name + " acquires before the other's end");
    }
    check();
    if (&p == &a && !let_go_) co_await work(p.barriers);
  }

  asio::awaitable<void> work(activity& of) {
    const auto run = of.runs.emplace(of.runs.end());
    const auto over = [&](activity* x) { x->runs.erase(run); };
    const std::unique_ptr<activity, decltype(over)> runs{&of, over};
    while (true) {
      co_await of.shut.wait();
      const auto state = co_await asio::this_coro::cancellation_state;
      if (state.cancelled() == asio::cancellation_type::none) break;
      if (!stubborn_ || let_go_) co_return;
      run->cancelled = sandbox.now();
      co_await asio::this_coro::reset_cancellation_state();
    }
    if (std::exchange(of.throws, false)) throw std::runtime_error{"no disk"};
  }

  void read(player& p) {
    p.events->next([this, &p](error_code e, event what) {
      if (e) return ended(p, e);
      note(p, what);
      if (!destroyed_) read(p);
    });
  }
  void note(player& p, const event& e) {
    if (e.as<leader_changed>()) return;
    show(p.name + ": " + to_string(e));
    if (e.index() > 2) return;
    const auto& was = p.last_turn;
    const bool led = was && !was->as<leader_fenced>();
    if (e.as<leader_acquired>()) {
      expect(!was || !was->as<leader_acquired>(), "acquired twice");
      expect(!was || term_of(*was).token() < term_of(e).token(), "acquired with an old token");
    } else {
      expect(led && term_of(*was).token() == term_of(e).token(), "ended what was not led");
      if (e.as<leader_revoked>()) expect(led && was->as<leader_acquired>(), "revoked twice");
    }
    p.last_turn = e;
    check();
  }
  void ended(player& p, error_code e) { allow(p, "next", e, false); }

  // --- what is always true ---

  void check() {
    expect(!(a.leads() && b.leads()), "two lead");
    const auto leading = std::count_if(operations_.begin(), operations_.end(), [](const auto& o) {
      return o->what == "lead" && !o->completions;
    });
    expect(std::ssize(a.tasks.runs) <= leading, "lead ends before its task");
    for (const auto* p : {&a, &b})
      if (p->leads())
        expect(p->barriers.awaited(sandbox.now()) == 0, p->name + " leads while a barrier runs");
    for (const auto& o : operations_)
      if (!o->completions && o->due < sandbox.now() && !o->cancelled) {
        expect(false, o->what + " is overdue");
        o->due = clock::time_point::max();
      }
  }

  bool comes(const std::function<bool()>& what) {
    for (const auto until = sandbox.now() + 20 * lease; sandbox.now() < until; pass(slice)) {
      settle();
      if (what()) return true;
    }
    return false;
  }
  /// Makes barriers return at once from now on, and tasks when they are cancelled.
  void let_go() {
    show("-- everything is let go");
    let_go_ = true;
    for (auto* p : {&a, &b}) {
      open(p->barriers);
      if (stubborn_) open(p->tasks);
    }
    settle();
  }

  const std::string where_;
  const bool shows_;
  const bool stubborn_;
  bool let_go_ = false;
  bool cut_ = false;
  bool destroyed_ = false;
  std::uint64_t highest_ = 0;
  std::optional<session> session_;
  std::list<std::shared_ptr<operation>> operations_;
};

// --- scripts ---

struct step {
  enum class pace { begins, settles, waits };

  std::string name;
  bool (*possible)(const scene&);
  void (*take)(scene&);
  pace goes = pace::begins;

  /// In all other cases `&` makes no difference.
  bool can_follow_at_once(const step& last) const {
    return last.goes == pace::begins && goes != pace::waits;
  }
};
using enum step::pace;

bool always(const scene&) { return true; }
bool exists(const scene& s) { return s.a.candidate.has_value(); }
bool connected(const scene& s) { return s.a.connected(); }
bool has_session(const scene& s) { return s.has_session(); }
bool in_group(const scene& s) { return connected(s) && s.is("group"); }
bool rival_in_group(const scene& s) { return s.b.connected() && s.is("group"); }
bool in_barrier(const scene& s) { return !s.a.barriers.runs.empty(); }
bool in_task(const scene& s) { return !s.a.tasks.runs.empty(); }
bool cut_off(const scene& s) { return connected(s) && s.cut_off(); }
bool not_cut_off(const scene& s) { return connected(s) && !s.cut_off(); }
bool has_led_task(const scene& s) { return s.waits({"lead"}); }
bool can_lead_a_task(const scene& s) { return exists(s) && !has_led_task(s); }
bool waits_for_a_while(const scene& s) { return s.waits({"resign", "close", "pulse"}); }

const std::vector<step> steps{
    {"resign", connected, [](scene& s) { s.resign(s.a, 0ms); }},
    {"stand-back", connected, [](scene& s) { s.resign(s.a, 2 * lease); }},
    {"close", connected, [](scene& s) { s.close(s.a); }},
    {"end-session", has_session, [](scene& s) { s.end_session(); }},
    {"destroy", exists, [](scene& s) { s.destroy(s.a); }},
    {"lead", can_lead_a_task, [](scene& s) { s.lead(); }},

    {"cancel", waits_for_a_while,
     [](scene& s) {
       s.cancel({"resign", "close", "pulse"});
     }},
    {"cancel-lead", has_led_task, [](scene& s) { s.cancel({"lead"}); }},
    {"open", in_barrier, [](scene& s) { s.open(s.a.barriers); }},
    {"throw", in_barrier, [](scene& s) { s.open(s.a.barriers, true); }},
    {"task-returns", in_task, [](scene& s) { s.open(s.a.tasks); }},
    {"task-throws", in_task, [](scene& s) { s.open(s.a.tasks, true); }},

    {"give", in_group, [](scene& s) { s.give(s.a); }, settles},
    {"take", rival_in_group, [](scene& s) { s.give(s.b); }, settles},
    {"throw-out", in_group, [](scene& s) { s.throw_out(); }, settles},
    {"cut", not_cut_off, [](scene& s) { s.cut(); }, settles},
    {"heal", cut_off, [](scene& s) { s.heal(); }, settles},
    {"lose", always, [](scene& s) { s.lose(); }, settles},
    {"fail", connected, [](scene& s) { s.fail(); }, settles},

    {"beat", always, [](scene& s) { s.pass(beat); }, waits},
    {"lease", always, [](scene& s) { s.pass(lease + beat); }, waits},
    {"timeout", always, [](scene& s) { s.pass(barrier_timeout); }, waits},
    {"pause", always, [](scene& s) { s.pause(); }},
};

/// Steps of the rival, in stories only.
const std::vector<step> steps_of_the_rival{
    {"b-resign", always,
     [](scene& s) {
       if (s.b.connected()) s.resign(s.b, 0ms);
     }},
    {"b-close", always,
     [](scene& s) {
       if (s.b.connected()) s.close(s.b);
     }},
};

/// A step, and whether it follows the step before it at once.
struct move {
  bool at_once = false;
  const step* what;
};
using moves = std::vector<move>;

std::string text_of(const std::string& where, const moves& all) {
  auto text = where + ":";
  for (const auto& m : all) text += (m.at_once ? "&" : " ") + m.what->name;
  return text;
}

const step& named(std::string_view name) {
  for (const auto& s : steps)
    if (s.name == name) return s;
  for (const auto& s : steps_of_the_rival)
    if (s.name == name) return s;
  throw std::invalid_argument{"no such step: " + std::string{name}};
}

moves moves_of(std::string_view text) {
  moves all;
  bool at_once = false;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(" &"), text.size());
    if (end > 0) all.push_back({std::exchange(at_once, false), &named(text.substr(0, end))});
    if (end < text.size() && text[end] == '&') at_once = true;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return all;
}

int played = 0;

/// Plays a script. Leaves out steps that are no longer possible. Returns the steps that could come
/// next.
moves play(const std::string& where, const moves& script, bool shows = false) {
  ++played;
  moves next;
  std::vector<std::string> broken;
  BOOST_TEST_CONTEXT(text_of(where, script)) {
    {
      scene s{where, shows};
      for (const auto& m : script) {
        if (!m.at_once) s.settle();
        if (!m.what->possible(s)) continue;
        s.show("-- " + m.what->name);
        if (s.a.lives()) s.pulse();
        m.what->take(s);
      }
      for (const auto& one : steps)
        if (!script.empty() && one.can_follow_at_once(*script.back().what) && one.possible(s))
          next.push_back({true, &one});
      s.settle();
      for (const auto& one : steps)
        if (one.possible(s)) next.push_back({false, &one});
      s.finish();
      broken = s.broken;
    }
    for (const auto& what : broken) BOOST_ERROR(what);
  }
  return next;
}

void play_all(const std::string& where, const moves& script, int further) {
  const auto next = play(where, script);
  if (further == 0) return;
  for (const auto& m : next) {
    auto longer = script;
    longer.push_back(m);
    play_all(where, longer, further - 1);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(interleaving)

BOOST_AUTO_TEST_CASE(of_one_script) {
  const char* const script = std::getenv("NELI_INTERLEAVING");
  if (!script) return;
  const std::string_view text{script};
  const auto colon = std::min(text.find(':'), text.size());
  play(std::string{text.substr(0, colon)}, moves_of(text.substr(std::min(colon + 1, text.size()))),
       true);
}

BOOST_AUTO_TEST_CASE(of_all_steps) {
  const char* const length = std::getenv("NELI_INTERLEAVING_LENGTH");
  for (const std::string arbitration : {"ledger", "group"})
    for (const std::string start : {" standby", " entering", " leading", " leaving"})
      for (const std::string with : {"", " task stubborn session"})
        play_all(arbitration + start + with, {}, length ? std::atoi(length) : 2);
  BOOST_TEST_MESSAGE(played << " scripts");
}

BOOST_AUTO_TEST_CASE(of_stories_with_each_step_failing) {
  const std::pair<std::string, std::string_view> stories[] = {
      // A hand-over to the rival and back: the rival resigns, and is alone at the end.
      {"ledger leading", "resign open beat b-resign open beat resign open b-close open close open"},
      {"ledger leading task", "resign open beat b-resign open task-returns open b-close beat"},
      {"ledger standby task", "b-resign open task-throws open lease b-close open close open"},
      // A leader that is cut off, and comes back.
      {"ledger leading task", "beat cut lease open heal b-resign beat open close open"},
      // A leader whose task and barrier do not end.
      {"ledger leading stubborn", "resign timeout timeout open b-close lease open close"},
      {"ledger leading task stubborn", "stand-back timeout timeout task-returns b-close lease"},
      {"group standby", "give open beat take open beat give open close open"},
      {"group leading task", "resign open take beat give open task-returns open take beat"},
      {"group leading session", "throw-out open beat give open beat end-session open"},
      {"group leading task stubborn", "take timeout timeout task-returns open give open beat"},
  };
  for (const auto& [where, text] : stories) {
    const auto story = moves_of(text);
    play(where, story);
    for (std::size_t k = 0; k < story.size(); ++k)
      for (const std::string_view failure : {"cut+lease heal", "+&lose", "+&throw-out", "+&fail",
                                             "+&pause", "+&destroy", "+&end-session"}) {
        // The part before the `+` comes before the step, the part after it follows the step.
        const auto plus = failure.find('+');
        const auto before = moves_of(failure.substr(0, plus));
        const auto after = moves_of(failure.substr(plus + 1));
        const auto at = story.begin() + static_cast<std::ptrdiff_t>(k);
        moves failing{story.begin(), at};
        failing.insert(failing.end(), before.begin(), before.end());
        failing.push_back(*at);
        failing.insert(failing.end(), after.begin(), after.end());
        failing.insert(failing.end(), at + 1, story.end());
        play(where, failing);
      }
  }
}

BOOST_AUTO_TEST_SUITE_END()
