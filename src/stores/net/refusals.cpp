// SPDX-License-Identifier: BSL-1.0
#include "stores/net/refusals.hpp"

#include <neli/error.hpp>

#include <boost/system/system_error.hpp>

#include <algorithm>

namespace neli::stores::net {

using namespace std::chrono_literals;

std::chrono::milliseconds refusals::patience_at(std::chrono::milliseconds lease) {
  return std::max<std::chrono::milliseconds>(10s, 3 * lease);
}

bool refusals::last() {
  const auto now = std::chrono::steady_clock::now();
  if (!since_) since_ = now;
  return now - *since_ >= patience_;
}

void refusals::refused(error_code code, error_code final_code, const std::string& text) {
  if (last()) throw error{final_code, text};
  throw boost::system::system_error{code, text};
}

}  // namespace neli::stores::net
