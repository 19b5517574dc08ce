// SPDX-License-Identifier: BSL-1.0
#include "support/nodes.hpp"

#include <boost/test/unit_test.hpp>

namespace neli::test {

nodes::nodes(std::vector<std::string> subcommand)
    : fleet{NELI_TOOL, std::move(subcommand), [](const tools::fact& f) {
              BOOST_TEST_MESSAGE(f.ns << " " << f.name << " " << f.role << " " << f.what << " "
                                      << f.detail);
            }} {}

nodes::~nodes() {
  end();
  for (const auto& broken : broken_promises()) BOOST_ERROR(broken);
}

}  // namespace neli::test
