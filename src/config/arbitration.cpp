// SPDX-License-Identifier: BSL-1.0
#include <neli/arbitration.hpp>

namespace neli {

std::string_view to_string(arbitration a) noexcept {
  switch (a) {
    case arbitration::group: return "group";
    case arbitration::ledger: return "ledger";
  }
  return "?";
}

}  // namespace neli
