// SPDX-License-Identifier: BSL-1.0
// What register.hpp says of a register, a test a sentence.
#include "stores/register_contract.hpp"

#include "contract/sentence.hpp"

#include <algorithm>

namespace neli::test::contract {

const std::vector<sentence<registers>>& of_registers() { return said<registers>::all(); }

namespace {

/// Writes in place of what there is, and returns the new version.
std::string write(registers& in, shared_register& r, const std::string& expected,
                  const std::string& bytes) {
  const auto s = in.run(r.compare_and_swap(expected, bytes));
  BOOST_TEST_REQUIRE(s.swapped);
  return s.present && !s.present->version.empty() ? s.present->version : in.run(r.load()).version;
}

/// What there is, if the answer tells it.
void told(const register_swap& s, const std::string& bytes, const std::string& version) {
  BOOST_TEST(!s.swapped);
  if (!s.present) return;
  BOOST_TEST(s.present->bytes == bytes);
  BOOST_TEST(s.present->version == version);
}

SENTENCE(registers, nothing_is_there_at_first) {
  const auto r = in.open();
  const auto v = in.run(r->load());
  BOOST_TEST(v.bytes.empty());
  BOOST_TEST(v.version.empty());
}

SENTENCE(registers, where_nothing_is_a_swap_that_expects_nothing_writes) {
  const auto r = in.open();
  const auto version = write(in, *r, "", "one");
  BOOST_TEST(!version.empty());
  const auto v = in.run(r->load());
  BOOST_TEST(v.bytes == "one");
  BOOST_TEST(v.version == version);
}

SENTENCE(registers, where_something_is_a_swap_that_expects_nothing_is_refused) {
  const auto r = in.open();
  const auto version = write(in, *r, "", "one");
  told(in.run(r->compare_and_swap("", "two")), "one", version);
  BOOST_TEST(in.run(r->load()).bytes == "one");
}

SENTENCE(registers, a_swap_that_expects_what_is_there_writes) {
  const auto r = in.open();
  const auto first = write(in, *r, "", "one");
  const auto second = write(in, *r, first, "two");
  BOOST_TEST(in.run(r->load()).bytes == "two");
  write(in, *r, second, "three");
  BOOST_TEST(in.run(r->load()).bytes == "three");
}

SENTENCE(registers, a_swap_that_expects_what_was_there_before_is_refused) {
  const auto r = in.open();
  const auto first = write(in, *r, "", "one");
  const auto second = write(in, *r, first, "two");
  told(in.run(r->compare_and_swap(first, "three")), "two", second);
  BOOST_TEST(in.run(r->load()).bytes == "two");
}

SENTENCE(registers, each_write_has_another_version_also_of_the_same_bytes) {
  const auto r = in.open();
  std::vector<std::string> versions{write(in, *r, "", "same")};
  for (int n = 0; n < 3; ++n) versions.push_back(write(in, *r, versions.back(), "same"));
  std::sort(versions.begin(), versions.end());
  BOOST_TEST((std::adjacent_find(versions.begin(), versions.end()) == versions.end()));
}

SENTENCE(registers, what_was_deleted_and_is_made_anew_has_another_version) {
  const auto r = in.open();
  const auto before = write(in, *r, "", "same");
  in.remove();
  BOOST_TEST(in.run(r->load()).version.empty());
  BOOST_TEST(!in.run(r->compare_and_swap(before, "other")).swapped);
  BOOST_TEST(write(in, *r, "", "same") != before);
  BOOST_TEST(!in.run(r->compare_and_swap(before, "other")).swapped);
}

SENTENCE(registers, what_another_has_written_is_loaded) {
  const auto a = in.open();
  const auto b = in.open();
  std::string version;
  for (int n = 0; n < 20; ++n) {
    version = write(in, n % 2 == 0 ? *a : *b, version, std::to_string(n));
    const auto v = in.run((n % 2 == 0 ? *b : *a).load());
    BOOST_TEST(v.bytes == std::to_string(n));
    BOOST_TEST(v.version == version);
  }
}

SENTENCE(registers, of_swaps_at_the_same_time_one_writes) {
  std::vector<std::unique_ptr<shared_register>> all;
  for (int n = 0; n < 5; ++n) all.push_back(in.open());
  std::string version;
  for (int round = 0; round < 5; ++round) {
    std::vector<started<register_swap>> swaps;
    for (std::size_t n = 0; n < all.size(); ++n)
      swaps.push_back(in.start(all[n]->compare_and_swap(version, std::to_string(n))));
    std::vector<std::string> winners;
    for (std::size_t n = 0; n < all.size(); ++n)
      if (swaps[n].await().swapped) winners.push_back(std::to_string(n));
    BOOST_TEST_REQUIRE(winners.size() == 1u);
    const auto v = in.run(all[0]->load());
    BOOST_TEST(v.bytes == winners[0]);
    version = v.version;
  }
}

SENTENCE(registers, a_value_comes_as_it_was_written) {
  std::string large(200'000, '\0');
  for (std::size_t n = 0; n < large.size(); ++n)
    large[n] = static_cast<char>((n * 7 + n / 256) % 256);
  const auto r = in.open();
  std::string version;
  for (const std::string& bytes :
       {std::string(1, '\0'), std::string{"\xff\xfe\x80"}, std::string{"\"\\\r\n/"}, large,
        std::string{"ab"}, std::string{"abc"}}) {
    version = write(in, *r, version, bytes);
    BOOST_TEST((in.run(r->load()).bytes == bytes));
  }
}

// --- waiting ---

/// A wait for another than this version, which has had time to begin.
auto wait(registers& in, shared_register& r, const std::string& version) {
  auto w = in.start(r.wait_for_change(version));
  in.pass(50ms);
  return w;
}

/// Waits, again if that ends too early, until the register is seen to hold this.
void await(registers& in, shared_register& r, const std::string& bytes) {
  auto v = in.run(r.load());
  while (v.bytes != bytes) {
    in.run(r.wait_for_change(v.version));
    v = in.run(r.load());
  }
}

SENTENCE(registers, a_wait_ends_when_another_writes) {
  const auto r = in.open();
  const auto other = in.open();
  auto version = write(in, *other, "", "0");
  in.run(r->load());
  for (int n = 1; n < 4; ++n) {
    auto w = wait(in, *r, version);
    BOOST_TEST(!w.is_done());
    version = write(in, *other, version, std::to_string(n));
    const auto v = w.await();
    if (v) BOOST_TEST(v->bytes == std::to_string(n));
    BOOST_TEST(in.run(r->load()).version == version);
  }
}

SENTENCE(registers, a_wait_ends_when_the_first_value_is_written) {
  const auto r = in.open();
  const auto other = in.open();
  in.run(r->load());
  auto w = wait(in, *r, "");
  write(in, *other, "", "first");
  w.await();
}

SENTENCE(registers, a_wait_ends_when_the_value_is_deleted) {
  const auto r = in.open();
  write(in, *r, "", "one");
  auto w = wait(in, *r, in.run(r->load()).version);
  in.remove();
  const auto v = w.await();
  if (v) BOOST_TEST(v->version.empty());
}

SENTENCE(registers, a_wait_for_what_has_changed_already_ends) {
  const auto r = in.open();
  const auto other = in.open();
  const auto first = write(in, *other, "", "one");
  in.run(r->load());
  write(in, *other, first, "two");
  wait(in, *r, first).await();
}

SENTENCE(registers, a_wait_ends_by_the_registers_own_writing_too) {
  const auto r = in.open();
  const auto first = write(in, *r, "", "one");
  auto w = wait(in, *r, first);
  write(in, *r, first, "two");
  w.await();
}

SENTENCE(registers, the_last_of_many_changes_is_seen_by_waiting) {
  const auto r = in.open();
  const auto other = in.open();
  std::string version;
  for (int n = 0; n < 30; ++n) version = write(in, *other, version, std::to_string(n));
  await(in, *r, "29");
}

SENTENCE(registers, a_wait_that_is_cancelled_ends_and_another_one_works) {
  const auto r = in.open();
  const auto other = in.open();
  const auto first = write(in, *other, "", "one");
  in.run(r->load());
  for (int n = 0; n < 3; ++n) {
    auto w = wait(in, *r, first);
    w.cancel();
    w.await_end();
  }
  // Before it has begun, too.
  auto w = in.start(r->wait_for_change(first));
  w.cancel();
  w.await_end();
  auto again = wait(in, *r, first);
  write(in, *other, first, "two");
  again.await();
}

SENTENCE(registers, other_operations_go_on_while_it_waits) {
  const auto r = in.open();
  auto version = write(in, *r, "", "one");
  auto w = wait(in, *r, version);
  BOOST_TEST(in.run(r->load()).bytes == "one");
  version = write(in, *r, version, "two");
  w.await();
  BOOST_TEST(in.run(r->load()).version == version);
}

SENTENCE(registers, an_operation_that_is_cancelled_ends_and_the_next_one_works) {
  const auto r = in.open();
  write(in, *r, "", "one");
  for (const auto after : {0ms, 1ms, 3ms}) {
    auto l = in.start(r->load());
    in.pass(after);
    l.cancel();
    l.await_end();
    BOOST_TEST(in.run(r->load()).bytes == "one");
  }
}

}  // namespace

}  // namespace neli::test::contract
