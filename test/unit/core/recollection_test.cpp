// SPDX-License-Identifier: BSL-1.0
#include "core/recollection.hpp"

#include "core/record.hpp"

#include <boost/test/unit_test.hpp>

using namespace neli;
using core::basis;

BOOST_AUTO_TEST_SUITE(recollection)

BOOST_AUTO_TEST_CASE(tells_whether_another_has_read_the_same) {
  core::recollection memory;
  BOOST_TEST(memory.note(5, 50));
  BOOST_TEST((memory.compare(5, 50) == basis::same));
  BOOST_TEST((memory.compare(5, 51) == basis::other));
  BOOST_TEST((memory.compare(6, 60) == basis::unread));
  BOOST_TEST((memory.compare(5, 0) == basis::untold));
  BOOST_TEST((memory.compare(core::before_first, 50) == basis::untold));
}

BOOST_AUTO_TEST_CASE(notices_another_record_at_an_offset_that_it_has_read) {
  core::recollection memory;
  memory.note(5, 50);
  BOOST_TEST(memory.note(5, 50));
  BOOST_TEST(!memory.note(5, 51));
}

BOOST_AUTO_TEST_CASE(remembers_the_last_1024) {
  core::recollection memory;
  for (core::offset at = 0; at <= 1024; ++at) memory.note(at, 1);
  BOOST_TEST((memory.compare(0, 1) == basis::unread));
  BOOST_TEST((memory.compare(1, 1) == basis::same));
}

BOOST_AUTO_TEST_CASE(concludes_nothing_without_a_fingerprint) {
  core::recollection memory;
  memory.note(5, 0);
  BOOST_TEST((memory.compare(5, 50) == basis::unread));
  BOOST_TEST(memory.note(5, 50));
}

BOOST_AUTO_TEST_CASE(forgets) {
  core::recollection memory;
  memory.note(5, 50);
  memory.forget();
  BOOST_TEST((memory.compare(5, 50) == basis::unread));
}

BOOST_AUTO_TEST_CASE(has_fingerprints_of_the_bytes_and_of_the_logs_time) {
  BOOST_TEST(core::fingerprint_of("a", 1) == core::fingerprint_of("a", 1));
  BOOST_TEST(core::fingerprint_of("a", 1) != core::fingerprint_of("b", 1));
  BOOST_TEST(core::fingerprint_of("a", 1) != core::fingerprint_of("a", 2));
  BOOST_TEST(core::fingerprint_of("", 0) != 0u);
  BOOST_TEST(core::fingerprint_of("a", 1) <= core::largest_fingerprint);
}

BOOST_AUTO_TEST_SUITE_END()
