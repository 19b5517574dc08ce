// SPDX-License-Identifier: BSL-1.0
// What the simulator knows of a ledger, whatever its readers have read.
#include "sim/annals.hpp"

#include <boost/test/unit_test.hpp>

using namespace neli;
using namespace std::chrono_literals;

namespace {

constexpr auto lease = 1000ms;
const core::author me{"A", "A", {}, lease};
const core::author other{"B", "B", {}, lease};

/// A ledger whose records have the fingerprints 1, 2, 3, ...
struct log {
  void append(const core::record& r) { annals.append(++fingerprint, &r); }

  sim::annals annals;
  core::fingerprint fingerprint = 0;
};

core::record heartbeat(const core::author& by, std::uint64_t seq, core::token t,
                       core::offset based_on) {
  return core::heartbeat{by, seq, based_on, {{"r", t, {}}}, {}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(annals_of_a_ledger)

BOOST_FIXTURE_TEST_CASE(count_a_claim_whose_author_has_read_all_that_the_holder_wrote, log) {
  append(core::claim{"r", other, 5, -1});
  append(heartbeat(other, 1, 5, 0));
  append(core::claim{"r", me, 6, 0});
  BOOST_TEST(annals.at("r", 2).holder == "B");
  append(core::claim{"r", me, 7, 2});
  BOOST_TEST(annals.at("r", 3).holder == "A");
  BOOST_TEST(annals.at("r", 2).holder == "B");  // the holder at that offset
}

BOOST_FIXTURE_TEST_CASE(begin_an_unknown_term_by_its_heartbeat, log) {
  append(core::claim{"r", other, 5, -1});
  append(heartbeat(me, 1, 6, -1));
  BOOST_TEST(annals.at("r", 1).holder == "A");
}

BOOST_FIXTURE_TEST_CASE(keep_a_released_term_released, log) {
  append(core::claim{"r", other, 5, -1});
  append(core::release{"r", "B", 4, 0, {}});
  BOOST_TEST(!annals.at("r", 1).released);
  append(core::release{"r", "B", 5, 0, {}});
  append(heartbeat(other, 1, 5, 0));
  BOOST_TEST(annals.at("r", 3).released);
}

BOOST_FIXTURE_TEST_CASE(do_not_count_a_claim_that_was_sent_to_another_log, log) {
  append(heartbeat(other, 1, 5, -1));
  append(core::claim{"r", me, 6, 0, 99});
  append(core::claim{"r", me, 7, 3});
  BOOST_TEST(annals.at("r", 2).holder == "B");
  append(core::claim{"r", me, 8, 0, 1});
  BOOST_TEST(annals.at("r", 3).holder == "A");
}

BOOST_FIXTURE_TEST_CASE(tell_of_what_is_in_the_log, log) {
  append(heartbeat(other, 1, 5, -1));
  BOOST_TEST(annals.tell_of(0, 1));
  BOOST_TEST(!annals.tell_of(0, 2));
  BOOST_TEST(!annals.tell_of(1, 1));
  BOOST_TEST(annals.tell_of(core::before_first, 0));
}

BOOST_FIXTURE_TEST_CASE(of_a_log_made_anew_tell_of_nothing_before_it, log) {
  append(core::claim{"r", other, 5, -1});
  annals.begin_anew();
  BOOST_TEST(!annals.tell_of(0, 1));
  BOOST_TEST(annals.at("r", 0).term == 0u);
}

BOOST_FIXTURE_TEST_CASE(tell_of_nothing_once_records_have_vanished, log) {
  append(core::claim{"r", other, 5, -1});
  annals.end();
  BOOST_TEST(!annals.tell_of(0, 1));
  BOOST_TEST(!annals.tell_of(core::before_first, 0));
}

BOOST_AUTO_TEST_SUITE_END()
