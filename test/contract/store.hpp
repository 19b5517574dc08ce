// SPDX-License-Identifier: BSL-1.0
// What the tests of the contract need of a store: the contract itself, and a hand in what happens
// to the store.
#pragma once

#include "stores/store.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace neli::test::contract {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

/// What can be done to some stores, and not to others.
enum class ability {
  make_anew,  ///< the log is deleted and made anew, empty
  name,       ///< the store names its log
  remove,     ///< old records are removed
  cut_off,    ///< nothing reaches the store, nor comes from it
  restart,    ///< its servers end without notice, and are started again where they were
  health,     ///< it tells of trouble
  break_off,  ///< what appends breaks, with records on their way
  spread,     ///< its group spreads roles over members
  fall_out,   ///< a member can be silent for so long that its group gives it up
};

/// Where a store is at work.
class place {
 public:
  virtual ~place() = default;

  /// Lets time pass, and what is due happen.
  virtual void pass(milliseconds) = 0;

  /// Lets time pass until it is so.
  void until(const std::function<bool()>& so, const std::string& what) {
    constexpr auto step = 5ms;
    constexpr auto long_enough = 2min;
    for (milliseconds waited{0}; !so() && waited < long_enough; waited += step) pass(step);
    BOOST_REQUIRE_MESSAGE(so(), "it does not come about: " << what);
  }
  /// Lets so much time pass that whatever is on its way comes.
  void pass_a_while() { pass(500ms); }
};

/// One log, which is empty at first, and ledgers on it.
class ledgers : public virtual place {
 public:
  virtual std::unique_ptr<stores::ledger> open(stores::ledger::listener&, bool appends) = 0;

  virtual void make_anew() {}
  /// All records before this one.
  virtual void remove_before(core::offset) {}
  virtual void cut_off() {}
  virtual void heal() {}
  virtual void kill() {}
  virtual void start() {}
  virtual void break_off() {}

  /// Of those who open from now on. A busy machine holds up an append for no longer than this.
  milliseconds lease{15'000};
};

/// One group for these roles, which has no members at first.
class memberships : public virtual place {
 public:
  virtual std::unique_ptr<stores::membership> open(stores::membership::listener&) = 0;
  /// From now on the group hears nothing of a member; then it has given it up.
  virtual void give_up(stores::membership&) {}

  const std::vector<std::string> roles{"a", "b", "c", "d"};
  /// Of those who open from now on: for so long a member may be silent.
  milliseconds session{16'000};
};

struct store {
  std::string name;
  std::set<ability> able;
  std::function<std::unique_ptr<ledgers>()> make_ledgers;
  std::function<std::unique_ptr<memberships>()> make_memberships;
};

store in_memory();
store simulated();
store register_in_memory();
store register_with_faults();
store embedded_kafka();
store real_kafka();

/// One sentence of the contract. It is held against each store that can do what it needs.
template <class Store>
struct sentence {
  std::string name;
  std::set<ability> needs;
  std::function<void(Store&)> holds;
};

const std::vector<sentence<ledgers>>& of_ledgers();
const std::vector<sentence<memberships>>& of_memberships();

}  // namespace neli::test::contract
