// SPDX-License-Identifier: BSL-1.0
#include "support/golden.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace neli::test {

void expect_golden(const std::string& name, const std::string& text) {
  const auto path = NELI_TEST_DIR "/" + name + ".golden";
  if (std::getenv("NELI_UPDATE_GOLDEN")) {
    std::ofstream{path} << text;
    return;
  }
  std::stringstream kept;
  kept << std::ifstream{path}.rdbuf();
  std::istringstream was{kept.str()}, is{text};
  std::string a, b;
  for (int line = 1; std::getline(was, a) || std::getline(is, b); ++line, a.clear(), b.clear()) {
    if (b.empty()) std::getline(is, b);
    if (a == b) continue;
    BOOST_ERROR(path << ":" << line << " differs\n  kept: " << a << "\n  now:  " << b
                     << "\n(if it is meant to, run again with NELI_UPDATE_GOLDEN=1)");
    return;
  }
}

}  // namespace neli::test
