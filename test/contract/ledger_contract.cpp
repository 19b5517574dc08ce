// SPDX-License-Identifier: BSL-1.0
// What store.hpp promises of a ledger, a test a sentence.
#include "contract/reader.hpp"
#include "contract/sentence.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <utility>

namespace neli::test::contract {

const std::vector<sentence<ledgers>>& of_ledgers() { return said<ledgers>::all(); }

namespace {

using values = std::vector<std::string>;

/// Somebody appends so many records, and is gone; what they are.
values fill(ledgers& in, int records) {
  reader author{in};
  author.read(0);
  values all;
  for (int n = 1; n <= records; ++n) author.append(all.emplace_back(std::to_string(n)));
  author.await_outcomes();
  for (const auto& [ticket, well] : author.outcomes) BOOST_TEST_REQUIRE(well);
  return all;
}

values last(std::size_t n, const values& all) {
  return {all.end() - static_cast<std::ptrdiff_t>(n), all.end()};
}

void same(const values& read, const values& appended) {
  BOOST_TEST(read == appended, boost::test_tools::per_element());
}

/// Each byte that there is, many times.
std::string bytes(std::size_t n) {
  std::string made(n, '\0');
  for (std::size_t i = 0; i < n; ++i) made[i] = static_cast<char>((i * 7 + i / 256) % 256);
  return made;
}

/// As often as it takes: on a busy machine so short a lease may pass now and then.
void append_at_last(ledgers& in, reader& author, const std::string& value) {
  auto ticket = author.append(value);
  in.until(
      [&] {
        const auto known = author.outcomes.find(ticket);
        if (known == author.outcomes.end()) return false;
        if (!known->second) ticket = author.append(value);
        return known->second;
      },
      "that it appends " + value);
  author.await(value);
}

// --- reading ---

SENTENCE(ledgers, an_empty_log_is_read_from_its_beginning_to_its_end) {
  reader r{in};
  r.read_all();
  BOOST_TEST(r.readings.at(0).is_first);
  BOOST_TEST(r.entries.empty());
}

SENTENCE(ledgers, where_reading_starts_is_told_once_and_before_any_record) {
  fill(in, 5);
  reader r{in};
  r.on_record = [&] { BOOST_TEST(r.readings.size() == 1u); };
  r.read_all();
  in.pass_a_while();
  BOOST_TEST(r.readings.size() == 1u);
}

SENTENCE(ledgers, every_record_is_read_in_order_and_once) {
  const auto all = fill(in, 50);
  reader r{in};
  r.read_all();
  in.pass_a_while();
  same(r.values(), all);
}

SENTENCE(ledgers, reading_starts_so_many_records_before_the_end) {
  const auto all = fill(in, 10);
  reader r{in};
  r.read(3);
  same(r.values(), last(3, all));
  BOOST_TEST(!r.readings.at(0).is_first);
  BOOST_TEST(r.readings.at(0).since == r.entries.at(0).at);
}

SENTENCE(ledgers, reading_starts_at_the_first_record_if_there_are_no_more) {
  const auto all = fill(in, 3);
  for (const std::uint64_t asked : {3u, 4u, 1000u}) {
    reader r{in};
    r.read(asked);
    same(r.values(), all);
    BOOST_TEST(r.readings.at(0).is_first);
  }
}

SENTENCE(ledgers, reading_back_no_record_starts_at_the_end) {
  fill(in, 3);
  reader author{in};
  reader r{in};
  r.read(0);
  BOOST_TEST(r.entries.empty());
  BOOST_TEST(!r.readings.at(0).is_first);
  author.read(0);
  author.append_well("new");
  r.await("new");
  same(r.values(), {"new"});
}

SENTENCE(ledgers, the_end_is_reached_after_all_that_was_there) {
  const auto all = fill(in, 20);
  reader r{in};
  r.on_end = [&] { BOOST_TEST(r.entries.size() == all.size()); };
  r.read_all();
}

SENTENCE(ledgers, what_is_appended_later_is_read_by_everybody_and_by_its_author) {
  reader author{in};
  reader other{in};
  reader only_reads{in, false};
  for (auto* r : {&author, &other, &only_reads}) r->read_all();
  author.append_well("x");
  author.append_well("y");
  for (auto* r : {&author, &other, &only_reads}) {
    r->await("y");
    same(r->values(), {"x", "y"});
  }
}

SENTENCE(ledgers, everybody_reads_the_same_at_the_same_place_with_the_same_time) {
  reader a{in};
  reader b{in};
  for (auto* r : {&a, &b}) r->read_all();
  for (int n = 0; n < 20; ++n)
    for (auto* r : {&a, &b}) r->append(std::to_string(n));
  for (auto* r : {&a, &b}) {
    r->await_outcomes();
    in.until([&] { return r->entries.size() == 40; }, "that it reads 40 records");
  }
  reader later{in};
  later.read_all();
  for (const auto* r : {&a, &b}) {
    same(r->values(), later.values());
    for (std::size_t n = 0; n < later.entries.size(); ++n) {
      BOOST_TEST(r->entries.at(n).at == later.entries.at(n).at);
      BOOST_TEST(r->entries.at(n).taken == later.entries.at(n).taken);
    }
  }
}

SENTENCE(ledgers, no_record_has_an_earlier_time_than_the_one_before_it) {
  reader a{in};
  reader b{in};
  for (auto* r : {&a, &b}) r->read_all();
  for (int n = 0; n < 5; ++n)
    for (auto* r : {&a, &b}) r->append_well("x");
  reader later{in};
  later.read_all();
  BOOST_TEST(later.entries.size() == 10u);
  BOOST_TEST(std::is_sorted(later.entries.begin(), later.entries.end(),
                            [](const auto& x, const auto& y) { return x.taken < y.taken; }));
}

SENTENCE(ledgers, a_record_comes_as_it_was_appended) {
  const values all{"",         std::string(1, '\0'), std::string(10, '\0'), "\xff\xfe\x80",
                   bytes(256), bytes(4096),          bytes(256 * 1024)};
  reader author{in};
  author.read_all();
  for (const auto& value : all) author.append_well(value);
  reader r{in};
  r.read_all();
  BOOST_TEST((r.values() == all));
}

// --- reading again ---

SENTENCE(ledgers, reading_again_starts_over) {
  const auto all = fill(in, 10);
  reader r{in};
  r.read(2);
  r.read(5);
  same(r.values(), last(5, all));
  r.read_all();
  same(r.values(), all);
  BOOST_TEST(r.readings.at(0).is_first);
}

SENTENCE(ledgers, of_two_readings_that_were_asked_for_the_later_one_is_told) {
  const auto all = fill(in, 10);
  reader r{in};
  r.read_back(10);
  r.read(2);
  in.pass_a_while();
  BOOST_TEST(r.readings.size() == 1u);
  same(r.values(), last(2, all));
}

SENTENCE(ledgers, nothing_of_an_earlier_reading_comes_once_another_was_asked_for) {
  const auto all = fill(in, 50);
  using answer = std::function<void()> reader::*;
  for (const answer within : {&reader::on_reading, &reader::on_record, &reader::on_end}) {
    reader r{in};
    bool again = false;
    r.*within = [&] {
      if (!std::exchange(again, true)) r.read_back(5);
    };
    r.read_back(1000);
    in.until([&] { return again && r.ends > 0; }, "that it reads again");
    in.pass_a_while();
    same(r.values(), last(5, all));
  }
}

// --- a log that is not what it was ---

SENTENCE(ledgers, reading_starts_at_the_first_record_that_is_left, ability::remove) {
  const auto all = fill(in, 5);
  reader before{in};
  before.read_all();
  const auto first = before.entries.at(2).at;
  in.remove_before(first);
  reader r{in};
  r.read_all();
  same(r.values(), last(3, all));
  BOOST_TEST(r.readings.at(0).is_first);
  BOOST_TEST(r.readings.at(0).since == first);
}

SENTENCE(ledgers, a_log_that_is_made_anew_is_a_gap_and_then_nothing_comes, ability::make_anew) {
  fill(in, 5);
  reader r{in};
  r.read_all();
  in.make_anew();
  in.until([&] { return r.gaps > 0; }, "a gap");
  const auto answers = r.answers;
  fill(in, 10);
  in.pass_a_while();
  BOOST_TEST(r.answers == answers);
}

SENTENCE(ledgers, after_a_gap_reading_starts_in_the_log_that_is_there, ability::make_anew) {
  fill(in, 5);
  reader r{in};
  r.read_all();
  in.make_anew();
  in.until([&] { return r.gaps > 0; }, "a gap");
  r.read_all();
  BOOST_TEST(r.readings.at(0).is_first);
  BOOST_TEST(r.entries.empty());
  r.append_well("new");
  r.await("new");
  same(r.values(), {"new"});
}

SENTENCE(ledgers, each_reading_of_a_log_has_the_same_name, ability::name) {
  fill(in, 5);
  reader r{in};
  r.read(1);
  const auto name = r.readings.at(0).log;
  BOOST_TEST(!name.empty());
  r.read_all();
  BOOST_TEST(r.readings.at(0).log == name);
  reader other{in};
  other.read_all();
  BOOST_TEST(other.readings.at(0).log == name);
}

SENTENCE(ledgers, a_log_that_is_made_anew_has_another_name, ability::name, ability::make_anew) {
  fill(in, 5);
  reader r{in};
  r.read_all();
  const auto name = r.readings.at(0).log;
  in.make_anew();
  in.until([&] { return r.gaps > 0; }, "a gap");
  r.read_all();
  BOOST_TEST(!r.readings.at(0).log.empty());
  BOOST_TEST(r.readings.at(0).log != name);
}

// --- appending ---

SENTENCE(ledgers, each_append_has_one_outcome) {
  reader author{in};
  author.read_all();
  for (int n = 0; n < 50; ++n) author.append("x");
  author.await_outcomes();
  in.pass_a_while();
  BOOST_TEST(author.outcomes.size() == 50u);
}

SENTENCE(ledgers, each_append_has_one_outcome_also_when_what_appends_breaks, ability::break_off) {
  reader author{in};
  author.read_all();
  author.append_well("x");
  in.break_off();
  for (int n = 0; n < 50; ++n) author.append("x");
  author.await_outcomes();
  in.pass_a_while();
  BOOST_TEST(author.outcomes.size() == 51u);
  BOOST_TEST(!author.outcomes.at(2));
}

SENTENCE(ledgers, what_was_appended_is_there_to_be_read) {
  reader author{in};
  author.read_all();
  author.append_well("x");
  reader r{in};
  r.read(1);
  same(r.values(), {"x"});
}

SENTENCE(ledgers, what_one_ledger_appends_stands_in_the_order_in_which_it_was_appended) {
  const auto all = fill(in, 300);
  reader r{in};
  r.read_all();
  same(r.values(), all);
}

SENTENCE(ledgers, records_may_be_appended_within_an_answer) {
  reader r{in};
  bool begun = false;
  r.on_end = [&] {
    if (!std::exchange(begun, true)) r.append("x");
  };
  r.on_record = [&] {
    if (r.values() == values{"x"}) r.append("y");
  };
  r.read_all();
  r.await("y");
  r.await_outcomes();
  same(r.values(), {"x", "y"});
}

SENTENCE(ledgers, what_cannot_be_appended_within_the_lease_has_failed, ability::cut_off) {
  in.lease = 1s;
  reader author{in};
  author.read_all();
  append_at_last(in, author, "before");
  in.cut_off();
  const auto lost = author.append("lost");
  author.await_outcomes();
  BOOST_TEST(!author.outcomes.at(lost));
  in.heal();
  append_at_last(in, author, "after");
  BOOST_TEST(author.entries.at(0).value == "before");
}

/// One appends while the store is away for two seconds, and before and after. Everybody reads each
/// record that was appended once, and each other one at most once.
void lose_nothing(ledgers& in, const std::function<void()>& leave,
                  const std::function<void()>& come_back) {
  reader author{in};
  reader other{in};
  reader only_reads{in, false};
  const auto everybody = {&author, &other, &only_reads};
  for (auto* r : everybody) r->read_all();
  std::map<std::string, core::ticket> sent;
  const auto append_for = [&](milliseconds t) {
    for (constexpr auto step = 20ms; t > 0ms; t -= step) {
      const auto value = std::to_string(sent.size());
      sent[value] = author.append(value);
      in.pass(step);
    }
  };
  append_for(200ms);
  leave();
  append_for(2s);
  come_back();
  append_for(200ms);
  append_at_last(in, author, "end");
  author.await_outcomes();
  for (auto* r : everybody) {
    r->await("end");
    BOOST_TEST(r->gaps == 0);
    const auto read = r->values();
    for (const auto& [value, ticket] : sent) {
      const auto times = std::count(read.begin(), read.end(), value);
      BOOST_TEST((times == 1 || (times == 0 && !author.outcomes.at(ticket))),
                 value << " is read " << times << " times");
    }
  }
}

SENTENCE(ledgers, what_is_appended_while_the_store_stands_still_is_read_once_and_without_a_gap,
         ability::cut_off, ability::restart) {
  in.lease = 6s;  // so short that an append is tried again before the store goes on
  lose_nothing(
      in, [&] { in.cut_off(); }, [&] { in.heal(); });
}

SENTENCE(ledgers, what_is_appended_while_the_store_is_started_again_is_read_once_and_without_a_gap,
         ability::restart) {
  in.lease = 5min;  // however long it takes until the servers are there again
  lose_nothing(
      in, [&] { in.kill(); }, [&] { in.start(); });
}

// --- health ---

SENTENCE(ledgers, trouble_is_told_and_that_it_is_over, ability::cut_off, ability::health) {
  in.lease = 1s;
  reader r{in};
  r.read_all();
  in.until([&] { return !r.troubled; }, "that it works");
  in.cut_off();
  in.until([&] { return r.troubled; }, "that it tells of trouble");
  in.heal();
  in.until([&] { return !r.troubled; }, "that it works again");
}

// --- the end ---

SENTENCE(ledgers, nothing_comes_after_stop) {
  fill(in, 20);
  const std::pair<const char*, std::function<void(reader&)>> all[] = {
      {"nothing was asked for", [](auto&) {}},
      {"it was to read", [](auto& r) { r.read_back(100); }},
      {"it was reading",
       [&](auto& r) {
         r.read_back(100);
         in.until([&] { return !r.readings.empty(); }, "that it reads");
       }},
      {"it has read", [](auto& r) { r.read(100); }},
      {"it was to append",
       [](auto& r) {
         r.read(100);
         r.append("x");
       }},
  };
  for (const auto& [when, begin] : all) {
    BOOST_TEST_CONTEXT(when) {
      reader r{in};
      begin(r);
      r.stop();
      in.pass_a_while();
      r.destroy();
      in.pass_a_while();
    }
  }
}

SENTENCE(ledgers, nothing_comes_after_stop_was_called_within_an_answer) {
  fill(in, 3);
  using answer = std::function<void()> reader::*;
  for (const answer within :
       {&reader::on_reading, &reader::on_record, &reader::on_end, &reader::on_outcome}) {
    reader r{in};
    bool stopped = false;
    r.*within = [&] {
      if (!std::exchange(stopped, true)) r.stop();
    };
    // So that what comes next would be the end.
    r.read_back(within == &reader::on_reading ? 0 : 1);
    if (within == &reader::on_outcome) {
      in.until([&] { return r.ends > 0; }, "that it reads to the end");
      r.append("x");
      r.append("y");
    }
    in.until([&] { return stopped; }, "that it is stopped");
    in.pass_a_while();
  }
}

SENTENCE(ledgers, one_that_is_destroyed_takes_nothing_along) {
  fill(in, 3);
  reader r{in};
  r.read_all();
  {
    reader gone{in};
    gone.read_all();
    gone.append("x");
    gone.stop();
  }
  r.append_well("y");
  r.await("y");
}

}  // namespace

}  // namespace neli::test::contract
