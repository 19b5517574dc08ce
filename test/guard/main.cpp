// SPDX-License-Identifier: BSL-1.0
// Real processes that crash, and their guards. This program is all of them: the tests, the
// candidates, and the guards.
#include "guard/contender.hpp"
#include "guard/run.hpp"
#include <neli/stores/consul.hpp>
#include <neli/stores/etcd.hpp>
#include <neli/stores/kafka.hpp>
#include <neli/stores/zookeeper.hpp>

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>
#include <vector>

namespace {

neli::store store_of(const std::string& settings) {
  if (const auto k = neli::kafka::from_settings(settings)) return *k;
  if (const auto e = neli::etcd::from_settings(settings)) return *e;
  if (const auto c = neli::consul::from_settings(settings)) return *c;
  if (const auto z = neli::zookeeper::from_settings(settings)) return *z;
  throw std::runtime_error{"no store that this test knows"};
}

/// The last word names the leader, for those who look for its guard.
int be_guard(const std::string& kind) {
  using neli::guards::sufficient;
  const auto what = kind == "pidfd"         ? sufficient::pidfd
                    : kind == "end_of_file" ? sufficient::end_of_file
                                            : sufficient::both;
  return neli::guards::run(store_of, what);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words{argv + 1, argv + argc};
  if (words.size() >= 2 && words[0] == "be-guard") return be_guard(words[1]);
  if (words.size() >= 2 && words[0] == "listen") {
    neli::run_guard_at(words[1], store_of);
    return 0;
  }
  if (!words.empty() && words[0] == "contend")
    return neli::test::contend({words.begin() + 1, words.end()});
  return boost::unit_test::unit_test_main([] { return true; }, argc, argv);
}
