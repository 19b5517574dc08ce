// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/detail/api.hpp>

#include <string_view>

namespace neli {

/// Where the right to claim comes from. docs/operations.md helps to choose.
enum class arbitration {
  /// The ledger itself: candidates wait until the last leader has left or its lease has passed,
  /// and claim; the first claim in the ledger's order wins. No consumer group, no rights for one.
  /// A crash costs the lease, however long a group's session would last.
  ledger,
  /// A group of the store's that spreads roles over its members: the member that was given the role
  /// may claim it. Only Kafka has one, its consumer group.
  group,
};

NELI_API std::string_view to_string(arbitration) noexcept;

}  // namespace neli
