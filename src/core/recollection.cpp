// SPDX-License-Identifier: BSL-1.0
#include "core/recollection.hpp"

namespace neli::core {

bool recollection::note(offset at, fingerprint what) {
  auto& known = places_[index(at)];
  const bool differs = known.at == at && known.what != what && known.what != 0 && what != 0;
  known = {at, what};
  return !differs;
}

basis recollection::compare(offset based_on, fingerprint seen) const {
  if (based_on == before_first || seen == 0) return basis::untold;
  const auto& known = places_[index(based_on)];
  if (known.at != based_on || known.what == 0) return basis::unread;
  return known.what == seen ? basis::same : basis::other;
}

}  // namespace neli::core
