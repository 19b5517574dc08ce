// SPDX-License-Identifier: BSL-1.0
#include <neli/config.hpp>

namespace neli {

std::string_view to_string(arbitration a) noexcept {
  switch (a) {
    case arbitration::group: return "group";
    case arbitration::ledger: return "ledger";
  }
  return "?";
}

std::string_view to_string(assignor a) noexcept {
  switch (a) {
    case assignor::cooperative_sticky: return "cooperative-sticky";
    case assignor::range: return "range";
  }
  return "?";
}

}  // namespace neli
