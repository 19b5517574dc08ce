// SPDX-License-Identifier: BSL-1.0
// The lease is longer than any of these tests: another leads because of the guard, or not at all.
#include "guard/trial.hpp"
#include "support/comes_about.hpp"
#include <neli/guard.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <signal.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <thread>

namespace neli::test {

namespace data = boost::unit_test::data;

namespace {

const auto stores = data::make({"kafka", "etcd"});

place on(const std::string& store) { return store == "kafka" ? on_kafka() : on_etcd(); }

::pid_t number(const tools::fact& f) { return static_cast<::pid_t>(f.number()); }

}  // namespace

BOOST_AUTO_TEST_SUITE(crashes)

BOOST_DATA_TEST_CASE(another_leads_when_the_leader_is_killed, stores, store) {
  trial t{on(store)};
  t.start({"nothing"});
  t.kill("a");
  t.another_leads();
}

BOOST_DATA_TEST_CASE(another_leads_when_the_leader_ends_in_another_way,
                     data::make({"abort", "_exit", "exit", "segv", "throw"}), way) {
  trial t{on_kafka()};
  t.start({way});
  t.act();
  t.another_leads();
}

BOOST_AUTO_TEST_CASE(another_leads_when_the_leader_is_killed_whose_memory_is_freed_later) {
  trial t{on_kafka()};
  t.start({.does = "nothing", .free_memory = "later"});
  t.kill("a");
  t.another_leads();
}

BOOST_AUTO_TEST_CASE(another_leads_when_all_processes_of_the_leaders_group_are_told_to_end) {
  trial t{on_kafka()};
  t.start({"nothing"});
  ::kill(t.guard(), SIGTERM);
  ::kill(t.guard(), SIGINT);
  t.kill("a");
  t.another_leads();
}

BOOST_AUTO_TEST_CASE(another_leads_when_the_leader_dies_whose_candidate_was_destroyed) {
  trial t{on_kafka()};
  t.start({"destroy the candidate"});
  t.act();
  t.said("ACTED");
  t.nobody_else_leads();
  t.kill("a");
  t.another_leads();
}

BOOST_AUTO_TEST_CASE(a_guard_that_was_paused_releases_when_it_goes_on) {
  trial t{on_kafka()};
  t.start({"nothing"});
  const auto guard = t.guard();
  ::kill(guard, SIGSTOP);
  t.kill("a");
  t.nobody_else_leads();
  ::kill(guard, SIGCONT);
  t.another_leads();
}

BOOST_AUTO_TEST_CASE(a_guard_that_comes_too_late_takes_nothing_from_the_next_leader) {
  trial t{on_kafka(), 1s};
  t.start({"nothing"});
  const auto guard = t.guard();
  ::kill(guard, SIGSTOP);
  t.kill("a");
  t.another_leads();
  t.nodes().mark();
  ::kill(guard, SIGCONT);
  BOOST_TEST(has_ended(guard));
  BOOST_TEST(t.nodes().leader().name == "b");
}

BOOST_AUTO_TEST_CASE(the_guard_ends_after_the_leader_has_died) {
  trial t{on_kafka(), 1s};
  t.start({"nothing"});
  const auto guard = t.guard();
  t.kill("a");
  t.another_leads();
  BOOST_TEST(has_ended(guard));
}

BOOST_AUTO_TEST_CASE(the_guard_ends_when_the_candidate_is_closed) {
  trial t{on_kafka()};
  t.start({"close the candidate"});
  const auto guard = t.guard();
  t.act();
  t.another_leads();
  BOOST_TEST(has_ended(guard));
}

BOOST_AUTO_TEST_SUITE_END()

/// In each of these the leader is not dead. Afterwards it dies, which shows that the guard has been
/// waiting for just that.
BOOST_AUTO_TEST_SUITE(silence)

BOOST_DATA_TEST_CASE(while_the_leader_is_stopped, stores, store) {
  trial t{on(store)};
  t.start({"nothing"});
  t.signal(SIGSTOP);
  t.nobody_else_leads();
  t.kill("a");
  t.another_leads();
}

BOOST_AUTO_TEST_CASE(while_a_child_lives_on) {
  trial t{on_kafka()};
  t.start({"leave a child"});
  t.act();
  const auto child = number(t.said("CHILD"));
  t.nobody_else_leads();
  ::kill(child, SIGKILL);
  t.another_leads();
}

BOOST_DATA_TEST_CASE(while_the_leader_does_what_looks_like_its_death,
                     data::make({"run another program", "end the first thread",
                                 "close all descriptors", "sleep without being interruptible"}),
                     what) {
  trial t{on_kafka()};
  t.start({what});
  t.act();
  t.said("ACTED");
  t.nobody_else_leads();
  t.kill("a");
  t.another_leads();
}

BOOST_AUTO_TEST_CASE(threads_lead_on_after_the_first_has_ended) {
  trial t{on_kafka()};
  t.start({"end the first thread"});
  t.act();
  t.said("ACTED");
  t.nobody_else_leads();
  BOOST_TEST(t.nodes().leader().name == "a");
}

BOOST_AUTO_TEST_CASE(while_the_leader_has_lost_its_connections) {
  trial t{on_etcd()};
  t.start({"nothing"});
  t.nodes().mark();
  the_etcd().kill();
  t.said("TROUBLE");
  the_etcd().start();
  t.said("WELL");
  t.nobody_else_leads();
  t.kill("a");
  t.another_leads();
}

BOOST_AUTO_TEST_CASE(when_the_first_process_of_a_namespace_has_died_with_its_guard) {
  trial t{on_kafka()};
  t.start({.does = "nothing", .in_a_namespace = "yes"});
  t.kill("a");
  t.nobody_else_leads();
}

BOOST_AUTO_TEST_CASE(not_while_a_child_lives_on_that_does_not_count) {
  trial t{on_kafka()};
  t.start({.does = "leave a child", .children = "no"});
  t.act();
  const auto child = number(t.said("CHILD"));
  t.another_leads();
  ::kill(child, SIGKILL);
}

BOOST_AUTO_TEST_SUITE_END()

/// What half a proof is worth: a guard that believes it lets another lead beside the leader.
BOOST_AUTO_TEST_SUITE(half_a_proof)

BOOST_AUTO_TEST_CASE(a_guard_that_believes_the_pipe_alone_takes_a_living_leader_for_dead) {
  trial t{on_kafka()};
  t.start({"close all descriptors", "end_of_file"});
  t.act();
  t.another_leads();
  BOOST_TEST(::kill(t.nodes().id_of("a"), 0) == 0);
}

BOOST_AUTO_TEST_CASE(a_guard_that_believes_the_pidfd_alone_takes_a_child_at_work_for_dead) {
  trial t{on_kafka()};
  t.start({"leave a child", "pidfd"});
  t.act();
  const auto child = number(t.said("CHILD"));
  t.another_leads();
  BOOST_TEST(::kill(child, SIGKILL) == 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(troubles)

BOOST_AUTO_TEST_CASE(a_guard_that_is_killed_is_told_of_and_another_is_started) {
  trial t{on_kafka()};
  t.start({"nothing"});
  t.nodes().mark();
  const auto guard = t.guard();
  ::kill(guard, SIGKILL);
  t.said("TROUBLE", "the guard: it has ended");
  t.said("STATUS", "the guard: it has ended");
  t.said("WELL", "the guard: it is ready");
  t.said("STATUS", "well");
  BOOST_TEST(t.guard() != guard);
  BOOST_TEST(t.nodes().leader().name == "a");
  t.kill("a");
  t.another_leads();
}

BOOST_AUTO_TEST_CASE(without_its_guard_the_lease_decides) {
  trial t{on_kafka(), 2s};
  t.start({.does = "nothing", .guard = "absent"});
  t.nodes().run_for(100ms);
  BOOST_TEST(t.nodes().last("a", "STATUS")->detail ==
             "the guard: it cannot be started: /nowhere/to/be/found: No such file or directory");
  t.kill("a");
  t.another_leads();
}

BOOST_AUTO_TEST_CASE(a_guard_that_is_killed_with_the_leader_leaves_it_to_the_lease) {
  trial t{on_kafka(), 2s};
  t.start({"nothing"});
  ::kill(t.guard(), SIGKILL);
  t.kill("a");
  t.another_leads();
}

BOOST_AUTO_TEST_SUITE_END()

/// One guard for all processes of a machine.
BOOST_AUTO_TEST_SUITE(a_guard_that_listens)

BOOST_AUTO_TEST_CASE(serves_processes_of_several_stores_and_ends_with_the_last) {
  listening_guard g;
  trial first{on_kafka()};
  trial second{on_etcd()};
  first.start({.does = "nothing", .guard = g.socket()});
  second.start({.does = "close the candidate", .guard = g.socket()});
  first.kill("a");
  first.another_leads();
  second.nobody_else_leads();
  g.signal(SIGTERM);
  second.kill("a");
  second.another_leads();
  BOOST_TEST(g.ends_well());
  BOOST_TEST(!std::filesystem::exists(g.socket()));
}

BOOST_AUTO_TEST_CASE(is_found_again_when_it_is_started_again) {
  listening_guard g;
  trial t{on_kafka()};
  t.start({.does = "nothing", .guard = g.socket()});
  t.nodes().mark();
  g.signal(SIGKILL);
  t.said("TROUBLE", "the guard: it has ended");
  BOOST_TEST(!g.ends_well());
  g.start();
  t.said("WELL", "the guard: it is ready");
  t.kill("a");
  t.another_leads();
}

BOOST_AUTO_TEST_CASE(guards_the_first_process_of_a_namespace) {
  listening_guard g;
  trial t{on_kafka()};
  t.start({.does = "nothing", .guard = g.socket(), .in_a_namespace = "yes"});
  t.kill("a");
  t.another_leads();
}

BOOST_AUTO_TEST_CASE(is_silent_while_a_process_is_stopped) {
  listening_guard g;
  trial t{on_kafka()};
  t.start({.does = "nothing", .guard = g.socket()});
  t.signal(SIGSTOP);
  t.nobody_else_leads();
  t.kill("a");
  t.another_leads();
}

BOOST_AUTO_TEST_CASE(refuses_a_socket_at_which_another_listens) {
  const listening_guard g;
  BOOST_REQUIRE(comes_about([&] { return std::filesystem::exists(g.socket()); },
                            [] { std::this_thread::sleep_for(5ms); }, 1min));
  BOOST_CHECK_EXCEPTION(run_guard_at(g.socket(), {}), std::system_error,
                        [](const auto& e) { return e.code().value() == EADDRINUSE; });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace neli::test
