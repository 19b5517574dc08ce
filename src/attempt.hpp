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

/// What makes a client can run out of threads or descriptors, or no longer find a file that the
/// configuration names.
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
