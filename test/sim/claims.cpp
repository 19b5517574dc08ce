// SPDX-License-Identifier: BSL-1.0
#include "sim/claims.hpp"

#include "core/overloaded.hpp"

#include <variant>

namespace neli::sim {

void note_claims(checks& c, const core::record& r) {
  std::visit(core::overloaded{
                 [&](const core::claim& x) { c.claimed(x.role, x.by.id, x.term); },
                 [&](const core::heartbeat& x) {
                   for (const auto& t : x.terms) c.claimed(t.role, x.by.id, t.term);
                 },
                 [](const core::release&) {},
             },
             r);
}

}  // namespace neli::sim
