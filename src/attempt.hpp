// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <optional>
#include <string>
#include <system_error>

namespace neli {

struct failure {
  boost::system::error_code code;
  std::string what;
};

/// Calls code that makes a client, and returns its failure, if any: for want of threads or
/// descriptors, or because a file that the configuration names is gone.
template <class F>
std::optional<failure> attempt(F f) {
  try {
    f();
  } catch (const boost::system::system_error& e) {
    return failure{e.code(), e.what()};
  } catch (const std::system_error& e) {
    return failure{e.code(), e.what()};
  }
  return std::nullopt;
}

}  // namespace neli
