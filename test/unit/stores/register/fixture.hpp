// SPDX-License-Identifier: BSL-1.0
// A ledger on a register that the test answers for, and at a time that the test tells.
#pragma once

#include "stores/register/ledger.hpp"
#include "unit/stores/register/script.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace neli::test::registers {

using namespace std::chrono_literals;
using namespace neli::stores::registers;
using std::chrono::milliseconds;

inline constexpr milliseconds lease = 1s;
/// For so long an operation may go without an answer, with this lease.
inline constexpr milliseconds patience = lease / 4;
/// More than any pause.
inline constexpr milliseconds a_pause = patience;

/// Its alarm rings when the test says what time it is.
class told_time final : public time_source {
 public:
  clock::time_point now() const noexcept override { return now_; }
  void wake_at(clock::time_point when, std::function<void()> what) override {
    due_ = when;
    what_ = std::move(what);
  }
  void stop() override { wake_at(clock::time_point::max(), {}); }

  void pass(milliseconds t) {
    now_ += t;
    if (now_ < due_) return;
    due_ = clock::time_point::max();
    if (const auto what = std::exchange(what_, {})) what();
  }

 private:
  clock::time_point now_{1h};
  clock::time_point due_ = clock::time_point::max();
  std::function<void()> what_;
};

class fixture : public script, private stores::ledger::listener {
 public:
  explicit fixture(std::size_t most_bytes = 256 * 1024) { open(most_bytes); }
  /// The coroutines are destroyed before the context in which they run.
  ~fixture() {
    ledger.reset();
    run();
    for (const auto& one : loads) one->forget();
    for (const auto& one : swaps) one->forget();
    for (const auto& one : waits) one->forget();
    loads.clear();
    swaps.clear();
    waits.clear();
  }

  void open(std::size_t most_bytes, bool appends = true) {
    auto t = std::make_unique<told_time>();
    time = t.get();
    ledger = std::make_unique<stores::registers::ledger>(
        settings{[this](const auto& on) { return std::make_unique<made_one>(*this, on); },
                 "the register 'r'", lease, core::drift{0}, most_bytes},
        strand{context.get_executor()}, static_cast<stores::ledger::listener&>(*this), appends,
        means{std::move(t), [this] { return time_of_day; }, ++seed});
  }

  void run() {
    context.restart();
    context.poll();
  }
  /// In small steps, as alarms follow on each other.
  void pass(milliseconds t) {
    constexpr auto step = 5ms;
    for (; t > 0ms; t -= step) {
      time->pass(std::min<milliseconds>(t, step));
      run();
    }
  }

  void read_back(std::uint64_t records) {
    ledger->read_back(records);
    run();
  }
  void append(core::ticket t, std::string value) {
    ledger->append(t, std::move(value));
    run();
  }

  // --- the store ---

  register_value store{encode({77, 0, {}}), "0"};  ///< a log without records
  int last_version = 0;

  void set(tail t) {
    store = {t.log == 0 ? "" : encode(t), t.log == 0 ? "" : std::to_string(++last_version)};
  }
  tail now_stored() const { return decode(store.bytes); }
  /// Another writer appends.
  void other_appends(const std::string& value) {
    auto t = now_stored();
    t.entries.push_back({42, static_cast<std::uint64_t>(t.end()), 0, value});
    set(std::move(t));
  }
  /// What was asked last, and is still to be answered.
  template <class T>
  asked<T>& open_one(every<T>& of, const char* what) {
    BOOST_REQUIRE_MESSAGE((!of.empty() && of.back()->open()), "nobody asks for a " << what);
    return *of.back();
  }
  asked<register_value>& asked_load() { return open_one(loads, "load"); }
  asked<register_swap>& asked_swap() { return open_one(swaps, "swap"); }
  auto& asked_wait() { return open_one(waits, "wait"); }
  bool asks_load() const { return !loads.empty() && loads.back()->open(); }
  bool asks_swap() const { return !swaps.empty() && swaps.back()->open(); }
  bool asks_wait() const { return !waits.empty() && waits.back()->open(); }

  void answer_load() {
    asked_load().answer(store);
    run();
  }
  /// Whether the store takes it, now or ever.
  bool arrives(const asked<register_swap>& s) {
    if (s.version != store.version) return false;
    store = {s.bytes, std::to_string(++last_version)};
    return true;
  }
  void answer_swap() {
    auto& s = asked_swap();
    const bool well = arrives(s);
    s.answer({well, store});
    run();
  }
  void answer_wait(std::optional<register_value> v) {
    asked_wait().answer(std::move(v));
    run();
  }
  template <class T>
  void breaks(asked<T>& which) {
    which.fail(boost::system::system_error{asio::error::connection_reset});
    run();
  }

  /// It has read all that there is.
  void begin(std::uint64_t records = 1000) {
    read_back(records);
    answer_load();
    told.clear();
  }

  // --- the ledger, and what it tells ---

  std::vector<std::string> told;
  std::function<void()> on_record = [] {};
  core::stamp time_of_day = 1000;

  asio::io_context context;
  told_time* time = nullptr;
  std::uint64_t seed = 0;
  std::unique_ptr<stores::ledger> ledger;

 private:
  void reading(core::offset since, bool beginning, const std::string& log) override {
    told.push_back("reading from " + std::to_string(since) + (beginning ? ", the beginning" : ""));
    names.push_back(log);
  }
  void record(core::offset at, core::stamp taken, std::string_view value) override {
    told.push_back(std::to_string(at) + " " + std::string{value});
    stamps.push_back(taken);
    on_record();
  }
  void end_reached() override { told.emplace_back("the end"); }
  void gap(const std::string& why) override { told.push_back("a gap: " + why); }
  void appended(core::ticket t) override { told.push_back("appended " + std::to_string(t)); }
  void append_failed(core::ticket t, const std::string& why) override {
    told.push_back("failed " + std::to_string(t));
    whys.push_back(why);
  }
  void trouble(const std::string&, stores::error_code e, const std::string& what) override {
    told.push_back((e ? "trouble: " : "") + what);
    codes.push_back(e);
  }
  void failed(stores::error_code e, const std::string& what) override {
    told.push_back("the end of all: " + what);
    codes.push_back(e);
  }

 public:
  std::vector<std::string> names, whys;
  std::vector<core::stamp> stamps;
  std::vector<stores::error_code> codes;
};

}  // namespace neli::test::registers
