// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "harness/servers.hpp"
#include "stores/register_contract.hpp"

#include <memory>
#include <string>
#include <vector>

namespace neli::test {

/// One for all tests, with the table. They leave it running.
servers& the_postgresql();
/// Of a database of it, as libpq takes it.
std::string conninfo(const std::string& user = "neli", const std::string& database = "postgres");
/// Has it do these, one after the other.
void tell_postgresql(const std::vector<std::string>& statements);
std::string unique_name();

/// A row of it.
class postgresql_registers : public contract::registers {
 public:
  std::unique_ptr<shared_register> open() override { return open(conninfo()); }
  std::unique_ptr<shared_register> open(const std::string& conninfo);
  void remove() override;

  const std::string name = unique_name();
};

}  // namespace neli::test
