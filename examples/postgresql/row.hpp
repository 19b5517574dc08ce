// SPDX-License-Identifier: BSL-1.0
// A row of PostgreSQL as the register of an election.
#pragma once

#include <neli/stores/register.hpp>

#include <array>
#include <string>

namespace postgresql {

/// Statements that make the table, and a trigger that tells of changes. Once, by its owner.
extern const std::array<const char*, 3> schema;

/// The row whose name is `config::ledger`. `conninfo` is libpq's ("host=10.0.0.1,10.0.0.2
/// dbname=app user=app"); its hosts have to be addresses, or folders of sockets. The user needs to
/// SELECT, INSERT and UPDATE.
neli::register_store row(const std::string& conninfo);

}  // namespace postgresql
