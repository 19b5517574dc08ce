// SPDX-License-Identifier: BSL-1.0
#include "stores/register/ledger.hpp"

#include <neli/error.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/errc.hpp>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace neli::stores::registers {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

/// So that within a lease an operation that gets no answer can be tried again.
milliseconds patience(milliseconds lease) { return std::clamp<milliseconds>(lease / 4, 50ms, 3s); }

std::string name_of(const tail& t) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(t.log));
  return text;
}

/// Without the place in Asio's sources that Boost adds, which tells users nothing.
std::string text_of(const boost::system::system_error& e) {
  std::string text = e.what();
  if (!e.code().has_location()) return text;
  const auto place = " at " + e.code().location().to_string();
  if (const auto at = text.find(place); at != text.npos) text.erase(at, place.size());
  return text;
}

const char* why(relation r) {
  switch (r) {
    case relation::behind: return "it has lost records that were read";
    case relation::contrary: return "it holds other records than those that were read";
    case relation::other_log: return "it was made anew";
    case relation::same:
    case relation::further: break;
  }
  return nullptr;
}

}  // namespace

ledger::ledger(settings s, const strand& on, listener& l, bool appends, means m)
    : settings_{std::move(s)},
      strand_{on},
      listener_{l},
      appends_at_all_{appends},
      time_{std::move(m.time)},
      time_of_day_{std::move(m.time_of_day)},
      random_{m.seed},
      patience_{patience(settings_.lease)},
      register_{settings_.make(on)},
      known_{settings_.lease, settings_.rho},
      outbox_{random_()},
      reads_{"reading the ledger", l},
      appends_{"appending to the ledger", l},
      waits_{"waiting for changes of the ledger", l} {}

void ledger::stop() {
  if (std::exchange(stopped_, true)) return;
  time_->stop();
  for (auto* one : {&work_, &wait_}) {
    one->op.cancel(strand_);
    one->op.leave();
  }
  register_.reset();
}

void ledger::read_back(std::uint64_t records) {
  ++nth_reading_;
  records_ = records;
  asked_ = must_load_ = true;
  reading_ = false;
  soon();
}

void ledger::append(core::ticket t, std::string value) {
  outbox_.add(t, std::move(value), time_->now() + settings_.lease);
  soon();
}

// --- what is due ---

/// After the call that causes it has returned, and what else is called with it.
void ledger::soon() {
  if (std::exchange(posted_, true)) return;
  asio::post(strand_, lifetime_.guard([this] {
    posted_ = false;
    go();
  }));
}

void ledger::go() {
  if (over()) return;
  end_in_time(work_, loading_ ? reads_ : appends_);
  end_in_time(wait_, waits_);
  if (over()) return;
  tell_failed(outbox_.late(time_->now()),
              settings_.subject + ": it could not be appended within the lease");
  if (!over()) look_at_health();
  if (!over()) start_due();
  if (!over()) wake();
}

void ledger::start_due() {
  if (nth_reading_ == 0 || !has_register()) return;
  const auto now = time_->now();
  if (!work_.op.running() && now >= work_.not_before) {
    // A register that tells of no change costs speed, but no more than this.
    const bool stale = known_.is_known() && now >= as_of_ + settings_.lease;
    if (must_load_ || stale)
      load();
    else if (must_make_log())
      make_log();
    else if (!outbox_.empty() && known_.tail().log != 0)
      swap();
  }
  // Not while it is about to be known what has changed.
  if (known_.is_known() && !looks() && !wait_.op.running() && now >= wait_.not_before) wait();
}

void ledger::wake() {
  auto next = outbox_.next_failure();
  const auto at = [&next](clock::time_point t) { next = std::min(next, t); };
  if (work_.op.running())
    at(work_.until);
  else if (must_load_ || must_make_log() || (!outbox_.empty() && known_.tail().log != 0))
    at(work_.not_before);
  else if (known_.is_known())
    at(std::max(as_of_ + settings_.lease, work_.not_before));
  if (wait_.op.running())
    at(wait_.until);
  else if (known_.is_known() && !looks())
    at(wait_.not_before);
  time_->wake_at(next, lifetime_.guard([this] { go(); }));
}

// --- operations ---

/// The first one is made in the constructor.
bool ledger::has_register() {
  if (register_) return true;
  if (time_->now() < work_.not_before) return false;
  try {
    register_ = settings_.make(strand_);
  } catch (...) {
    trouble(explain(std::current_exception()), work_, reads_);
  }
  return register_ != nullptr;
}

ledger::beginning ledger::begin(lane& l) {
  const auto now = time_->now();
  l.until = now + patience_;
  return {now, nth_reading_, known_.changes()};
}

void ledger::load() {
  must_load_ = false;
  loading_ = true;
  work_.op.start<register_value>(
      strand_, register_, [](shared_register& r) { return r.load(); },
      [this, b = begin(work_)](const std::exception_ptr& thrown, register_value v, bool cancelled) {
        loaded(thrown, std::move(v), cancelled, b);
      });
}

void ledger::loaded(const std::exception_ptr& thrown, register_value v, bool cancelled,
                    const beginning& b) {
  if (over()) return;
  if (thrown) {
    must_load_ = true;
    trouble(cancelled ? no_answer() : explain(thrown), work_, reads_);
  } else {
    work_.failures = 0;
    take_answer(std::move(v), b);
  }
  go();
}

void ledger::make_log() {
  auto next = with_first(0);
  next.tail.log = std::max<std::uint64_t>(1, random_());
  next.bytes = encode(next.tail);
  swap(std::move(next));
}

/// All records that wait or, if the register cannot hold so many, the first of them.
void ledger::swap() {
  for (auto records = outbox_.items().size();; records /= 2) {
    auto next = with_first(records);
    const auto raw = size_of(next.tail);
    if (raw <= largest_tail) next.bytes = encode(next.tail);
    const auto size = next.bytes.empty() ? raw : next.bytes.size();
    if (size <= settings_.most_bytes) return swap(std::move(next));
    if (records == 1) return refuse_first(size);
  }
}

void ledger::swap(sent next) {
  loading_ = false;
  auto call = [expected = known_.version(), bytes = next.bytes](shared_register& r) {
    return r.compare_and_swap(expected, bytes);
  };
  work_.op.start<register_swap>(strand_, register_, std::move(call),
                                [this, b = begin(work_), next = std::move(next)](
                                    const auto& thrown, const auto& s, bool cancelled) mutable {
                                  swapped(thrown, s, cancelled, b, std::move(next));
                                });
}

void ledger::swapped(const std::exception_ptr& thrown, const register_swap& s, bool cancelled,
                     const beginning& b, sent what) {
  if (over()) return;
  if (thrown) {
    must_load_ = true;
    append_failed_at_ = time_->now();
    trouble(cancelled ? no_answer() : explain(thrown), work_, appends_);
    return go();
  }
  work_.failures = 0;
  appends_.well();
  if (over()) return;
  if (!s.swapped && ++lost_swaps_ > 1) put_off(work_, lost_swaps_, 1ms);
  if (!s.present)
    must_load_ = true;
  else if (s.swapped)
    take_written(s.present->version, std::move(what), b);
  else
    take_answer(*s.present, b);
  go();
}

void ledger::refuse_first(std::size_t size) {
  const auto text = settings_.subject + ": with one more record its value would have " +
                    std::to_string(size) + " bytes; it may have " +
                    std::to_string(settings_.most_bytes) + " (register_store.most_bytes)";
  append_failed_at_ = time_->now();
  const auto ticket = outbox_.refuse_first();
  appends_.bad(make_error_code(boost::system::errc::message_size), text);
  tell_failed({ticket}, text);
  soon();
}

void ledger::wait() {
  waits_for_other_than_ = known_.version();
  waits_since_ = time_->now();
  wait_.until = clock::time_point::max();
  wait_.op.start<std::optional<register_value>>(
      strand_, register_,
      [version = known_.version()](shared_register& r) { return r.wait_for_change(version); },
      [this](const auto& thrown, auto v, bool cancelled) {
        waited(thrown, std::move(v), cancelled);
      });
}

void ledger::waited(const std::exception_ptr& thrown, std::optional<register_value> v,
                    bool cancelled) {
  if (over()) return;
  if (!thrown) {
    wait_.failures = 0;
    waits_.well();
    if (over()) return;
    const bool has_value = v.has_value();
    if (v) take_hint(std::move(*v));
    if (known_.version() == waits_for_other_than_) {
      must_load_ |= !has_value;
      if (++vain_hints_ > 1) put_off(wait_, vain_hints_, 1ms);
    }
  } else if (!cancelled) {
    must_load_ = true;  // it may have missed a change
    trouble(explain(thrown), wait_, waits_);
  }
  go();
}

/// Asks it to end. If it does not heed that, it keeps its register, and the others get another.
void ledger::end_in_time(lane& l, health& h) {
  if (over() || !l.op.running() || time_->now() < l.until) return;
  if (l.op.cancelled()) return abandon(h);
  l.op.cancel(strand_);
  l.until = time_->now() + patience_;
}

void ledger::abandon(health& h) {
  for (auto* one : {&work_, &wait_}) {
    one->op.cancel(strand_);
    one->op.leave();
  }
  register_.reset();
  must_load_ = true;
  trouble(no_answer(), work_, h);
}

ledger::failure ledger::no_answer() const {
  return {asio::error::timed_out,
          settings_.subject + ": no answer within " + std::to_string(patience_.count()) + " ms"};
}

ledger::failure ledger::explain(const std::exception_ptr& thrown) const {
  const auto text = [this](const std::string& what) { return settings_.subject + ": " + what; };
  try {
    std::rethrow_exception(thrown);
  } catch (const neli::error& e) {
    return {e.code(), text(e.what()), true};
  } catch (const boost::system::system_error& e) {
    return {e.code(), text(text_of(e))};
  } catch (const std::system_error& e) {
    return {e.code(), text(e.what())};
  } catch (const std::exception& e) {
    return {make_error_code(boost::system::errc::io_error), text(e.what())};
  } catch (...) {
    return {make_error_code(boost::system::errc::io_error), text("an unknown exception")};
  }
}

void ledger::trouble(const failure& f, lane& l, health& h) {
  if (f.final) {
    failed_ = true;
    time_->stop();
    return listener_.failed(f.code, f.what);
  }
  put_off(l, ++l.failures, settings_.lease / 40);
  // A wait that fails once has lost its connection; if that matters, the load tells.
  if (&l == &work_ || l.failures > 1) h.bad(f.code, f.what);
}

/// For a time that grows and is random, so that many who are in each other's way get out of it.
void ledger::put_off(lane& l, unsigned nth, clock::duration first) {
  const auto most = std::min<clock::duration>(patience_, first * (1U << std::min(nth, 16U)));
  l.not_before =
      time_->now() + clock::duration{random_() % static_cast<std::uint64_t>(most.count())};
}

// --- what the register holds ---

ledger::sent ledger::with_first(std::size_t records) {
  const auto now = time_->now();
  sent s{{}, known_.tail(), 0};
  const auto old = known_.forgettable(now, records);
  s.tail.first += static_cast<core::offset>(old);
  s.tail.entries.erase(s.tail.entries.begin(),
                       s.tail.entries.begin() + static_cast<std::ptrdiff_t>(old));
  const auto taken = known_.log_time(now, time_of_day_());
  for (std::size_t n = 0; n < records; ++n) {
    const auto& i = outbox_.items()[n];
    s.tail.entries.push_back({outbox_.author(), i.number, taken, i.value});
    s.last_number = i.number;
  }
  return s;
}

/// The register held this at some moment after the operation had begun.
void ledger::take_answer(register_value v, const beginning& b) {
  std::optional<relation> r;
  if (!known_.is(v)) {
    registers::tail t;
    try {
      t = decode(v.bytes);
    } catch (const not_a_tail& e) {
      return cannot_read(e.what());
    }
    r = known_.is_known() ? compare(known_.tail(), t) : relation::further;
    // A hint has come meanwhile, and may be newer than this.
    if (why(*r) && known_.changes() != b.changes) {
      must_load_ = true;
      return;
    }
    note(std::move(v), std::move(t));
  }
  as_of_ = b.when;
  if (known_.tail().log == 0 && !appends_at_all_)
    reads_.bad(errc::no_ledger,
               settings_.subject + ": there is no ledger yet, a candidate makes it");
  else
    reads_.well();
  if (r && why(*r)) lose(settings_.subject + ": " + why(*r));
  if (over()) return;
  const auto there = outbox_.found_in(known_.tail());
  if (b.nth_reading == nth_reading_) begin_reading();
  deliver(true);
  tell_appended(there);
}

/// The register holds what was sent, or did before a hint that has come meanwhile. Or that hint was
/// of what a store has lost that was restored from a backup.
void ledger::take_written(const std::string& version, sent s, const beginning& b) {
  lost_swaps_ = 0;
  as_of_ = b.when;
  const auto written = outbox_.written_up_to(s.last_number);
  const auto r = compare(known_.tail(), s.tail);
  if (r != relation::behind) note({std::move(s.bytes), version}, std::move(s.tail));
  reads_.well();
  if (r == relation::contrary) lose(settings_.subject + ": " + why(r));
  if (b.nth_reading == nth_reading_) begin_reading();
  deliver(true);
  tell_appended(written);
}

/// The register held this at some moment. If it goes on from what is known, it is newer than that;
/// if not, it may be older.
void ledger::take_hint(register_value v) {
  if (known_.is(v)) return;
  registers::tail t;
  try {
    t = decode(v.bytes);
  } catch (const not_a_tail&) {
    must_load_ = true;
    return;
  }
  const auto r = compare(known_.tail(), t);
  if (r == relation::same || r == relation::behind) return;
  if (r != relation::further || known_.tail().log == 0) {
    must_load_ = true;
    return;
  }
  note(std::move(v), std::move(t));
  as_of_ = time_->now();
  const auto there = outbox_.found_in(known_.tail());
  deliver(false);
  tell_appended(there);
}

void ledger::note(register_value v, registers::tail t) {
  known_.note(std::move(v), std::move(t), time_->now());
  if (known_.version() == waits_for_other_than_) return;
  vain_hints_ = 0;
  // It should end by itself now.
  if (wait_.op.running()) wait_.until = std::min(wait_.until, time_->now() + patience_);
}

/// neli does not write over what is not its own. It may be a mistake in the configuration or, if
/// there was a log before, one that somebody mends.
void ledger::cannot_read(const std::string& what) {
  const failure f{errc::unusable_ledger, settings_.subject + ": " + what, !known_.is_known()};
  must_load_ = true;
  trouble(f, work_, reads_);
  if (!f.final) lose(f.what);
}

/// What the records that wait were based on is void.
void ledger::lose(const std::string& why) {
  if (over()) return;
  const auto waiting = outbox_.all();
  if (std::exchange(reading_, false)) listener_.gap(why);
  tell_failed(waiting, why);
}

void ledger::begin_reading() {
  const auto& t = known_.tail();
  if (over() || !asked_ || t.log == 0) return;
  const auto back = static_cast<core::offset>(std::min<std::uint64_t>(records_, 1ULL << 62));
  position_ = std::max(t.first, t.end() - back);
  asked_ = false;
  reading_ = true;
  listener_.reading(position_, position_ == t.first, name_of(t));
}

void ledger::deliver(bool to_the_end) {
  const auto goes_on = [this, nth = nth_reading_] {
    return !over() && reading_ && nth == nth_reading_;
  };
  if (!goes_on()) return;
  if (position_ < known_.tail().first)
    return lose(settings_.subject + ": records are gone that were not read yet");
  while (goes_on() && position_ < known_.tail().end()) {
    const auto at = position_++;
    const auto& e = known_.tail().at(at);
    listener_.record(at, e.taken, e.value);
  }
  if (to_the_end && goes_on()) listener_.end_reached();
}

void ledger::tell_appended(const outbox::tickets& all) {
  for (const auto t : all)
    if (!over()) listener_.appended(t);
}

void ledger::tell_failed(const outbox::tickets& all, const std::string& why) {
  for (const auto t : all)
    if (!over()) listener_.append_failed(t, why);
}

/// What has not been needed for long is taken to work again.
void ledger::look_at_health() {
  const auto now = time_->now();
  const auto as_far_as = [](milliseconds t) {
    return ", as far as is known: nothing has failed for " + std::to_string(t.count()) + " ms";
  };
  const auto unused = 2 * settings_.lease;
  if (outbox_.empty() && !reads_.troubled() && now >= append_failed_at_ + unused)
    appends_.well(as_far_as(unused));
  if (!over() && wait_.op.running() && now >= waits_since_ + settings_.lease)
    waits_.well(as_far_as(settings_.lease));
}

}  // namespace neli::stores::registers
