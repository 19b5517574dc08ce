// SPDX-License-Identifier: BSL-1.0
// Stores on real servers, and what can happen to them.
#pragma once

#include "harness/servers.hpp"
#include <neli/store.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include <string>

namespace neli::test {

class real_store {
 public:
  virtual ~real_store() = default;

  /// One for all tests, which leave it running.
  virtual servers& its_servers() = 0;
  /// For candidates of this process, and for those of the command `neli`.
  virtual store settings() = 0;
  virtual std::string url() = 0;
  /// A name that no other test uses.
  virtual std::string new_ledger() = 0;

  /// The ledger is deleted by somebody.
  virtual void remove(const std::string& ledger) = 0;
  /// The servers lose all that they have, and are there again.
  void lose_everything();

  /// A ledger for which one has no rights, and what the server says about that.
  struct forbidden {
    std::string url;
    std::string ledger;
    std::string text;
  };
  virtual forbidden forbid() = 0;

 private:
  /// The folder of what it keeps, below the servers'.
  virtual std::string data() const = 0;
};

/// Tests that are about any store run over each of these.
inline const auto all_stores = boost::unit_test::data::make({"etcd", "zookeeper"});
real_store& store_of(const std::string& kind);

/// Its servers are away for as long as this exists.
class outage {
 public:
  enum class kind { paused, stopped, killed };

  explicit outage(real_store&, kind = kind::paused);
  ~outage();
  outage(const outage&) = delete;
  outage& operator=(const outage&) = delete;

 private:
  servers& servers_;
  kind kind_;
};

}  // namespace neli::test
