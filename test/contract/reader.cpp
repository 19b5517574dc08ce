// SPDX-License-Identifier: BSL-1.0
#include "contract/reader.hpp"

#include <algorithm>
#include <utility>

namespace neli::test::contract {

reader::reader(ledgers& in, bool appends) : in_{in}, ledger_{in.open(*this, appends)} {}

// --- calls ---

void reader::read_back(std::uint64_t records) {
  readings.clear();
  entries.clear();
  ends = gaps = 0;
  asked_ = true;
  reading_ = false;
  calling_ = true;
  ledger_->read_back(records);
  calling_ = false;
}

core::ticket reader::append(std::string value) {
  const auto t = ++last_ticket_;
  calling_ = true;
  ledger_->append(t, std::move(value));
  calling_ = false;
  return t;
}

void reader::stop() {
  stopped_ = true;
  ledger_->stop();
}

// --- calls, and their outcome ---

void reader::read(std::uint64_t records) {
  read_back(records);
  in_.until([this] { return ends > 0; }, "that it reads to the end");
}

void reader::append_well(const std::string& value) {
  const auto t = append(value);
  await_outcomes();
  BOOST_TEST_REQUIRE(outcomes.at(t));
}

void reader::await(const std::string& value) {
  in_.until([&] { return has_read(value); }, "that it reads " + value.substr(0, 100));
}

void reader::await_outcomes() {
  in_.until([this] { return outcomes.size() == last_ticket_; }, "that each append has an outcome");
}

bool reader::has_read(const std::string& value) const {
  return std::any_of(entries.begin(), entries.end(),
                     [&](const auto& e) { return e.value == value; });
}

std::vector<std::string> reader::values() const {
  std::vector<std::string> all;
  for (const auto& e : entries) all.push_back(e.value);
  return all;
}

// --- answers ---

void reader::answered() {
  ++answers;
  BOOST_TEST(!calling_, "an answer comes within a call");
  BOOST_TEST(!stopped_, "an answer comes after stop");
}

void reader::reading(core::offset since, bool first, const std::string& log) {
  answered();
  BOOST_TEST(asked_, "it reads without having been asked to");
  asked_ = false;
  reading_ = true;
  readings.push_back({since, first, log});
  if (on_reading) on_reading();
}

void reader::record(core::offset at, core::stamp taken, std::string_view value) {
  answered();
  BOOST_TEST(reading_, "a record comes where none may");
  if (reading_) BOOST_TEST(at >= readings.back().since);
  if (!entries.empty()) BOOST_TEST(at > entries.back().at);
  entries.push_back({at, taken, std::string{value}});
  if (on_record) on_record();
}

void reader::end_reached() {
  answered();
  BOOST_TEST(reading_, "the end comes where it may not");
  ++ends;
  if (on_end) on_end();
}

void reader::gap(const std::string& why) {
  answered();
  BOOST_TEST(reading_, "a gap comes where there is nothing: " << why);
  reading_ = false;
  ++gaps;
}

void reader::outcome(core::ticket t, bool well) {
  answered();
  BOOST_TEST((t > 0 && t <= last_ticket_), "an outcome of what was not asked for");
  BOOST_TEST(outcomes.emplace(t, well).second, "a second outcome");
  if (on_outcome) on_outcome();
}

void reader::trouble(const std::string&, stores::error_code e, const std::string&) {
  answered();
  troubled = !!e;
  if (troubled) ++troubles;
}

void reader::failed(stores::error_code, const std::string& what) {
  answered();
  BOOST_ERROR("it has given up: " << what);
}

}  // namespace neli::test::contract
