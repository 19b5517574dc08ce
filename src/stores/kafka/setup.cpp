// SPDX-License-Identifier: BSL-1.0
#include "stores/kafka/open.hpp"

#include "stores/kafka/ledger.hpp"
#include "stores/kafka/make_client.hpp"
#include "stores/kafka/membership.hpp"

#include <utility>

namespace neli::stores::kafka {

make_store open(std::shared_ptr<const config> c, bool appends) {
  check_properties(*c);
  // The reader and the writer are not tried here, as the ledger makes them at once.
  try_client(client::administrator, *c);
  if (appends && c->arbitration == arbitration::group) try_client(client::member, *c);
  return [c = std::move(c), appends](const strand& s, stores::ledger::listener& l) {
    store made{std::make_unique<ledger>(c, s, l, appends), {}};
    if (appends && c->arbitration == arbitration::group)
      made.join = [c](const strand& on, stores::membership::listener& m) {
        return std::make_unique<membership>(c, on, m);
      };
    return made;
  };
}

}  // namespace neli::stores::kafka
