// SPDX-License-Identifier: BSL-1.0
// What store.hpp promises of a membership, a test a sentence.
#include "contract/member.hpp"
#include "contract/sentence.hpp"

#include <algorithm>
#include <utility>

namespace neli::test::contract {

const std::vector<sentence<memberships>>& of_memberships() { return said<memberships>::all(); }

namespace {

void has_all(memberships& in, const member& m) {
  in.until([&] { return m.has.size() == in.roles.size(); }, "that one member has all roles");
}

void all_have_an_owner(memberships& in, const owners& of) {
  in.until([&] { return of.size() == in.roles.size(); }, "that all roles have an owner");
}

SENTENCE(memberships, nothing_is_told_before_it_joins) {
  owners all;
  member m{in, all};
  in.pass_a_while();
  BOOST_TEST(m.answers == 0);
}

SENTENCE(memberships, the_only_member_is_assigned_each_role) {
  owners all;
  member m{in, all};
  m.join();
  has_all(in, m);
  for (const auto& role : in.roles) BOOST_TEST(m.has.contains(role));
  in.pass_a_while();
}

SENTENCE(memberships, each_role_has_one_of_the_members) {
  owners all;
  member a{in, all};
  member b{in, all};
  member c{in, all};
  for (auto* m : {&a, &b, &c}) m->join();
  all_have_an_owner(in, all);
  in.pass_a_while();
  all_have_an_owner(in, all);
}

SENTENCE(memberships, a_role_is_asked_back_before_another_has_it, ability::spread) {
  owners all;
  member a{in, all};
  a.join();
  has_all(in, a);
  member b{in, all};
  std::set<std::string> given;
  a.obliging = false;
  b.on_assigned = [&](const auto& role) { BOOST_TEST(given.contains(role)); };
  b.join();
  in.until(
      [&] {
        for (const auto& role : std::set{a.asked}) {
          given.insert(role);
          a.give_back(role);
        }
        return !b.has.empty();
      },
      "that another has a role");
}

SENTENCE(memberships, the_group_waits_for_what_is_not_given_back, ability::spread) {
  owners all;
  member a{in, all};
  a.join();
  has_all(in, a);
  a.obliging = false;
  member b{in, all};
  b.join();
  in.until([&] { return !a.asked.empty(); }, "that a role is asked back");
  in.pass_a_while();
  BOOST_TEST(b.has.empty());
  a.obliging = true;
  for (const auto& role : std::set{a.asked}) a.give_back(role);
  in.until([&] { return !b.has.empty(); }, "that another has a role");
}

SENTENCE(memberships, the_roles_of_a_member_that_leaves_are_given_to_others) {
  owners all;
  member a{in, all};
  a.join();
  has_all(in, a);
  member b{in, all};
  b.join();
  a.leave();
  in.until([&] { return a.has_left; }, "that it has left");
  a.stop();
  a.destroy();
  has_all(in, b);
}

SENTENCE(memberships, one_that_has_not_joined_leaves_at_once) {
  owners all;
  member m{in, all};
  m.leave();
  in.until([&] { return m.has_left; }, "that it has left");
  in.pass_a_while();
}

SENTENCE(memberships, one_that_leaves_while_it_joins_has_left_within_a_while) {
  owners all;
  member m{in, all};
  m.join();
  m.leave();
  in.until([&] { return m.has_left; }, "that it has left");
  in.pass_a_while();
}

SENTENCE(memberships, the_roles_of_a_member_that_ends_without_leaving_are_given_to_others) {
  in.session = 4s;
  owners all;
  {
    member gone{in, all};
    gone.join();
    has_all(in, gone);
    gone.stop();
  }
  member m{in, all};
  m.join();
  has_all(in, m);
}

SENTENCE(memberships, one_that_is_given_up_is_told_that_it_has_lost_its_roles, ability::fall_out) {
  owners all;
  member m{in, all};
  m.join();
  has_all(in, m);
  in.give_up(m.get());
  in.until([&] { return m.lost_roles.size() == in.roles.size(); }, "that it has lost them");
  has_all(in, m);  // again
}

SENTENCE(memberships, nothing_comes_after_stop_of_a_membership) {
  in.session = 4s;
  owners all;
  for (const bool joins : {false, true}) {
    member m{in, all};
    if (joins) m.join();
    m.stop();
    in.pass_a_while();
    m.destroy();
    in.pass_a_while();
  }
  member m{in, all};
  m.join();
  has_all(in, m);
  m.stop();
  in.pass_a_while();
}

SENTENCE(memberships, nothing_comes_after_stop_was_called_when_a_role_was_assigned) {
  in.session = 4s;
  owners all;
  member m{in, all};
  bool stopped = false;
  m.on_assigned = [&](const auto&) {
    if (!std::exchange(stopped, true)) m.stop();
  };
  m.join();
  in.until([&] { return stopped; }, "that a role is assigned");
  in.pass_a_while();
}

}  // namespace

}  // namespace neli::test::contract
