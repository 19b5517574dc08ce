// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/test/unit_test.hpp>

namespace neli::test {

/// What is tested on Consul itself, where scripts/setup --consul has built it. Elsewhere the suite
/// says so, and nothing else.
boost::unit_test::test_suite* on_consul();

}  // namespace neli::test
