// SPDX-License-Identifier: BSL-1.0
// The example itself: processes that work one at a time.
#include "postgresql/fixture.hpp"

#include <boost/process.hpp>
#include <boost/test/unit_test.hpp>

#include <signal.h>

#include <string>

namespace neli::test {

namespace {

namespace process = boost::process;

class service {
 public:
  ~service() { end(SIGKILL); }

  /// Waits until it works; in which term it does.
  unsigned long works() {
    const std::string said = "work in term ";
    std::string line;
    while (!line.starts_with(said)) BOOST_REQUIRE(std::getline(lines_, line));
    return std::stoul(line.substr(said.size()));
  }
  void end(int signal) {
    if (!process_.running()) return;
    ::kill(process_.id(), signal);
    process_.wait();
  }
  int exit_code() const { return process_.exit_code(); }

 private:
  process::ipstream lines_;
  process::child process_{NELI_OWN_STORE_POSTGRESQL, conninfo(), process::std_out > lines_};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(elections)

BOOST_AUTO_TEST_CASE(over_postgresql_a_leader_that_leaves_or_is_killed_is_followed_by_another) {
  service a;
  const auto first = a.works();
  service b;
  a.end(SIGTERM);
  BOOST_TEST(a.exit_code() == 0);
  const auto second = b.works();
  BOOST_TEST(second > first);
  service c;
  b.end(SIGKILL);
  BOOST_TEST(c.works() > second);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace neli::test
