// SPDX-License-Identifier: BSL-1.0
#include "contract/member.hpp"

namespace neli::test::contract {

member::member(memberships& in, owners& all) : in_{in}, owners_{all}, membership_{in.open(*this)} {}

// --- calls ---

void member::join() {
  calling_ = true;
  membership_->join();
  calling_ = false;
}

void member::give_back(const std::string& role) {
  BOOST_TEST(!overtaken_.contains(role), "another has had it before it was given back: " << role);
  disown(role);
  asked.erase(role);
  membership_->give_back(role);
}

void member::leave() {
  leaving_ = true;
  disown_all();
  calling_ = true;
  membership_->leave([this] {
    answered();
    has_left = true;
  });
  calling_ = false;
}

void member::stop() {
  learn_of_losses();
  stopped_ = true;
  membership_->stop();
}

void member::destroy() {
  learn_of_losses();
  disown_all();
  membership_.reset();
}

// --- answers ---

void member::answered() {
  ++answers;
  BOOST_TEST(!calling_, "an answer comes within a call");
  BOOST_TEST(!stopped_, "an answer comes after stop");
  BOOST_TEST(!has_left, "an answer comes after it has left");
}

void member::disown(const std::string& role) {
  has.erase(role);
  const auto owned = owners_.find(role);
  if (owned != owners_.end() && owned->second == this) owners_.erase(owned);
}

void member::disown_all() {
  for (const auto& role : std::set{has}) disown(role);
}

/// A group may give up a member that a busy machine holds up, and give its roles to another.
void member::learn_of_losses() {
  if (stopped_ || leaving_) return;
  for (milliseconds waited{0}; !overtaken_.empty() && waited < 1min; waited += 10ms) in_.pass(10ms);
  BOOST_TEST(overtaken_ == std::set<std::string>{}, boost::test_tools::per_element());
}

void member::assigned(const std::string& role) {
  answered();
  if (leaving_) return;
  BOOST_TEST(has.insert(role).second, "it is assigned twice: " << role);
  auto*& owner = owners_[role];
  if (owner) owner->overtaken_.insert(role);
  owner = this;
  on_assigned(role);
}

void member::asked_back(const std::string& role) {
  answered();
  if (!leaving_) BOOST_TEST(has.contains(role), "it is asked for what it has not: " << role);
  asked.insert(role);
  if (obliging) give_back(role);
}

void member::lost(const std::string& role) {
  answered();
  asked.erase(role);
  lost_roles.insert(role);
  overtaken_.erase(role);
  disown(role);
}

void member::failed(stores::error_code, const std::string& what) {
  answered();
  BOOST_ERROR("it has given up: " << what);
}

}  // namespace neli::test::contract
