// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "shell/ledger.hpp"

#include <boost/system/system_error.hpp>

#include <system_error>

namespace neli::shell {

/// What makes a client can run out of threads or descriptors.
template <class F>
void attempt(health_listener& l, F f) {
  try {
    f();
  } catch (const boost::system::system_error& e) {
    l.failed(e.code(), e.what());
  } catch (const std::system_error& e) {
    l.failed(e.code(), e.what());
  }
}

}  // namespace neli::shell
