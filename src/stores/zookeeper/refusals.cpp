// SPDX-License-Identifier: BSL-1.0
#include "stores/zookeeper/refusals.hpp"

#include "stores/zookeeper/errors.hpp"
#include <neli/error.hpp>

namespace neli::stores::zookeeper {

void refusals::failed(const boost::system::system_error& e) {
  if (!is_refusal(e.code())) return;
  const auto now = std::chrono::steady_clock::now();
  if (!since_) since_ = now;
  if (now - *since_ >= patience_) throw error{make_error_code(errc::not_authorized), e.what()};
}

}  // namespace neli::stores::zookeeper
