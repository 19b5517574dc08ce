// SPDX-License-Identifier: BSL-1.0
// What an exception of user code says.
#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <exception>
#include <string>

namespace neli::shell {

/// No error if the exception carries no code.
inline boost::system::error_code code_of(const std::exception_ptr& e) {
  if (!e) return {};
  try {
    std::rethrow_exception(e);
  } catch (const boost::system::system_error& x) {
    return x.code();
  } catch (...) {
    return {};
  }
}

inline std::string what_of(const std::exception_ptr& e) {
  try {
    std::rethrow_exception(e);
  } catch (const std::exception& x) {
    return x.what();
  } catch (...) {
    return "not an exception of the standard library's";
  }
}

}  // namespace neli::shell
