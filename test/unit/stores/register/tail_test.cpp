// SPDX-License-Identifier: BSL-1.0
#include "stores/register/tail.hpp"

#include "stores/register/compression.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace neli::stores::registers;

namespace neli::stores::registers {
std::ostream& boost_test_print_type(std::ostream& to, relation r) {
  return to << static_cast<int>(r);
}
}  // namespace neli::stores::registers

namespace {

tail of(std::uint64_t log, neli::core::offset first, const std::string& values) {
  tail t{log, first, {}};
  for (const char c : values)
    t.entries.push_back({7, static_cast<std::uint64_t>(t.end()), 5, std::string(1, c)});
  return t;
}

/// "nothing" if it is read as this tail.
std::string what_is_wrong(std::string_view bytes, const tail& t = {}) {
  try {
    BOOST_TEST((decode(bytes) == t));
  } catch (const not_a_tail& e) {
    return e.what();
  }
  return "nothing";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tails)

BOOST_AUTO_TEST_CASE(a_tail_comes_back_as_it_was_written) {
  auto t = of(3, 17, "abc");
  t.entries.push_back({~std::uint64_t{0}, 1, std::uint64_t{1} << 52, std::string(100'000, '\0')});
  t.entries.push_back({1, 2, 3, ""});
  BOOST_TEST((decode(encode(t)) == t));
  BOOST_TEST((decode(encode(of(1, 0, ""))) == of(1, 0, "")));
}

BOOST_AUTO_TEST_CASE(no_bytes_are_no_log) { BOOST_TEST((decode("") == tail{})); }

BOOST_AUTO_TEST_CASE(a_value_is_compressed) {
  auto t = of(3, 0, "");
  const std::string record =
      R"({"v":1,"kind":"heartbeat","id":"01234567-89ab-cdef-0123-456789abcdef","lease_ms":3000})";
  for (std::uint64_t n = 0; n < 64; ++n) t.entries.push_back({1, n, n, record});
  BOOST_TEST(encode(t).size() * 10 < size_of(t));
}

BOOST_AUTO_TEST_CASE(the_size_before_compression_is_known) {
  auto t = of(3, 0, "abc");
  const auto less = size_of(t);
  t.entries.push_back({1, 2, 3, std::string(1000, 'x')});
  BOOST_TEST(size_of(t) == less + 32 + 1000);
}

BOOST_AUTO_TEST_CASE(a_value_that_is_not_nelis_is_refused_with_what_it_begins_with) {
  BOOST_TEST(what_is_wrong("{\"leader\": \x01 \"somebody else, elsewhere\"}") ==
             R"(it is not neli's: it begins with '{"leader": \x01 "somebody else, els'...)");
  BOOST_TEST(what_is_wrong("x") == "it is not neli's: it begins with 'x'");
}

BOOST_AUTO_TEST_CASE(a_value_of_another_version_is_refused) {
  auto bytes = encode(of(3, 0, "abc"));
  bytes[4] = 2;
  BOOST_TEST(what_is_wrong(bytes) == "it was written by another version of neli, in form 2");
}

BOOST_AUTO_TEST_CASE(a_value_that_is_cut_off_is_refused) {
  const auto t = of(3, 0, "abcdef");
  const auto bytes = encode(t);
  int refused = 0;
  for (std::size_t n = 1; n < bytes.size(); ++n)
    refused += what_is_wrong(bytes.substr(0, n), t) != "nothing";
  // A few bytes at the end of the compressed form tell nothing more.
  BOOST_TEST(refused >= static_cast<int>(bytes.size()) - 8);
  BOOST_TEST(what_is_wrong(bytes.substr(0, 7)) == "it is cut off");
  BOOST_TEST(what_is_wrong(bytes.substr(0, bytes.size() / 2)) == "it is damaged");
}

BOOST_AUTO_TEST_CASE(a_value_in_which_a_bit_is_wrong_is_never_read_as_another_one) {
  const auto t = of(3, 0, "abcdef");
  const auto bytes = encode(t);
  int refused = 0;
  for (std::size_t n = 0; n < 8 * bytes.size(); ++n) {
    auto wrong = bytes;
    wrong[n / 8] = static_cast<char>(wrong[n / 8] ^ 1 << n % 8);
    refused += what_is_wrong(wrong, t) != "nothing";
  }
  BOOST_TEST(refused > static_cast<int>(8 * bytes.size()) * 9 / 10);
}

BOOST_AUTO_TEST_CASE(a_tail_of_any_size_comes_back) {
  auto t = of(3, 0, "");
  for (std::uint64_t n = 0; n < 300; ++n) {
    t.entries.push_back({n * n, n, n, std::string(n, static_cast<char>(n * 31))});
    BOOST_TEST(what_is_wrong(encode(t), t) == "nothing");
  }
}

BOOST_AUTO_TEST_CASE(a_value_that_would_need_too_much_memory_is_refused) {
  auto bytes = encode(of(3, 0, "abc"));
  bytes[8] = 0x7f;  // the most significant byte of the size
  BOOST_TEST(what_is_wrong(bytes).starts_with("it claims to hold 21"));
}

BOOST_AUTO_TEST_CASE(no_more_is_expanded_than_was_announced) {
  const auto bytes = compressed(std::string(10'000'000, 'x'));
  BOOST_TEST(bytes.size() < 20'000u);
  BOOST_TEST(!expanded(bytes, 9'999'999));
  BOOST_TEST(!expanded(bytes, 10'000'001));
  BOOST_TEST(!expanded(bytes, 0));
  BOOST_TEST(expanded(bytes, 10'000'000).value() == std::string(10'000'000, 'x'));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_compressed_grows_little) {
  std::string noise;
  for (std::uint64_t n = 1; noise.size() < 100'000;
       n = n * 6364136223846793005u + 1442695040888963407u)
    noise += static_cast<char>(n >> 56);
  const auto bytes = compressed(noise);
  BOOST_TEST(bytes.size() < noise.size() + 1000);
  BOOST_TEST((expanded(bytes, noise.size()) == noise));
}

BOOST_AUTO_TEST_CASE(the_same_tail_is_nothing_new) {
  BOOST_TEST(compare(of(1, 0, "abc"), of(1, 0, "abc")) == relation::same);
  BOOST_TEST(compare({}, {}) == relation::same);
}

BOOST_AUTO_TEST_CASE(more_records_after_the_same_ones_are_news) {
  BOOST_TEST(compare(of(1, 0, "abc"), of(1, 0, "abcd")) == relation::further);
  BOOST_TEST(compare(of(1, 0, "abc"), of(1, 2, "cd")) == relation::further);
  BOOST_TEST(compare(of(1, 0, "abc"), of(1, 20, "xyz")) == relation::further);
  BOOST_TEST(compare({}, of(1, 0, "a")) == relation::further);
}

BOOST_AUTO_TEST_CASE(fewer_records_of_the_same_are_behind) {
  BOOST_TEST(compare(of(1, 0, "abc"), of(1, 0, "ab")) == relation::behind);
  BOOST_TEST(compare(of(1, 20, "abc"), of(1, 0, "ab")) == relation::behind);
  BOOST_TEST(compare(of(1, 0, "abc"), of(1, 0, "")) == relation::behind);
}

BOOST_AUTO_TEST_CASE(another_record_where_both_have_the_last_one_is_contrary) {
  BOOST_TEST(compare(of(1, 0, "abc"), of(1, 0, "abx")) == relation::contrary);
  BOOST_TEST(compare(of(1, 0, "abc"), of(1, 0, "abxd")) == relation::contrary);
  BOOST_TEST(compare(of(1, 0, "abc"), of(1, 0, "ax")) == relation::contrary);
}

BOOST_AUTO_TEST_CASE(another_id_or_none_is_another_log) {
  BOOST_TEST(compare(of(1, 0, "abc"), of(2, 0, "abcd")) == relation::other_log);
  BOOST_TEST(compare(of(1, 0, "abc"), {}) == relation::other_log);
}

BOOST_AUTO_TEST_SUITE_END()
