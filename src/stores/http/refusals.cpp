// SPDX-License-Identifier: BSL-1.0
#include "stores/http/refusals.hpp"

#include <neli/error.hpp>

#include <boost/system/system_error.hpp>

namespace neli::stores::http {

void refusals::refused(error_code code, error_code final_code, const std::string& text) {
  const auto now = std::chrono::steady_clock::now();
  if (!since_) since_ = now;
  if (now - *since_ >= patience_) throw error{final_code, text};
  throw boost::system::system_error{code, text};
}

}  // namespace neli::stores::http
