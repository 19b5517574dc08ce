// SPDX-License-Identifier: BSL-1.0
#include "stores/memory/ledger.hpp"

#include <algorithm>
#include <utility>

namespace neli::stores::memory {

template <class F>
auto ledger::guard(F f) const {
  return [self = link(), f = std::move(f)](auto... args) {
    if (!self.expired()) f(args...);
  };
}

template <class F>
auto ledger::of_this_reading(F f) const {
  return guard([this, nth = nth_reading_, f = std::move(f)] {
    if (nth == nth_reading_) f();
  });
}

template <class F>
void ledger::answer(F f) {
  conditions_->answer(guard(std::move(f)));
}

ledger::ledger(memory::log& l, std::shared_ptr<memory::conditions> c, listener& to)
    : log_{l}, conditions_{std::move(c)}, listener_{to} {
  log_.on_news([this, self = link()] {
    if (self.expired()) return false;
    expect_news();
    return true;
  });
}

void ledger::stop() { self_.reset(); }

// --- reading ---

void ledger::read_back(std::uint64_t records) {
  ++nth_reading_;
  reading_ = fetching_ = false;
  conditions_->look(of_this_reading([this, records] { start(records); }));
}

void ledger::start(std::uint64_t records) {
  const auto back = static_cast<core::offset>(std::min<std::uint64_t>(records, 1ULL << 62));
  position_ = std::max(log_.begin(), log_.end() - back);
  generation_ = log_.generation();
  reading_ = true;
  conditions_->answer(
      of_this_reading([this, since = position_, beginning = position_ == log_.begin(),
                       name = log_.name()] { listener_.reading(since, beginning, name); }));
  expect_news();
}

void ledger::expect_news() {
  // What is on its way brings this too.
  if (!reading_ || std::exchange(fetching_, true)) return;
  conditions_->fetch(of_this_reading([this] { fetch(); }));
}

void ledger::fetch() {
  fetching_ = false;
  if (!reading_) return;
  const bool anew = conditions_->notices_a_new_log() && generation_ != log_.generation();
  if (anew || position_ < log_.begin() || position_ > log_.end())
    return lose_place("what was to be read next is gone");
  entries fetched;
  const auto first = position_;
  for (; position_ < log_.end(); ++position_) fetched.push_back(log_.at(position_));
  conditions_->answer(
      of_this_reading([this, first, fetched = std::move(fetched)] { deliver(first, fetched); }));
}

void ledger::deliver(core::offset first, const entries& fetched) {
  // Within any of these answers it may be stopped, or asked to read again.
  const auto goes_on = [this, self = link(), nth = nth_reading_] {
    return !self.expired() && nth == nth_reading_ && conditions_->alive();
  };
  for (const auto& e : fetched) {
    if (!goes_on()) return;
    listener_.record(first++, e->taken, e->value);
  }
  if (goes_on()) listener_.end_reached();
}

void ledger::lose_place(const std::string& why) {
  if (!std::exchange(reading_, false)) return;
  conditions_->answer(of_this_reading([this, why] { listener_.gap(why); }));
}

// --- appending ---

void ledger::append(core::ticket t, std::string value) {
  conditions_->append(
      // It arrives also when its author is no more.
      [&log = log_, value = std::move(value)] { log.append(value); }, guard([this, t](bool well) {
        answer([this, t, well] {
          if (well) return listener_.appended(t);
          listener_.append_failed(t, "it got lost");
        });
      }));
}

// --- health ---

void ledger::trouble(error_code code, const std::string& what) {
  answer([this, code, what] { listener_.trouble("the ledger", code, what); });
}

void ledger::fail(error_code code, const std::string& what) {
  answer([this, code, what] { listener_.failed(code, what); });
}

}  // namespace neli::stores::memory
