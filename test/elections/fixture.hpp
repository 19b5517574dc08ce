// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "elections/stores.hpp"
#include "harness/election_fixture.hpp"
#include "harness/predecessor.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace neli::test {

/// Candidates on a ledger of their own.
struct contest : election_fixture {
  /// The first candidate need not wait for a lease, if there is a predecessor.
  explicit contest(const std::string& kind, std::chrono::milliseconds lease = long_lease,
                   bool with_predecessor = true)
      : contest{store_of(kind), store_of(kind).new_ledger(), lease} {
    if (with_predecessor) have_a_predecessor(store.settings(), ledger);
  }

  /// Words for `neli`.
  static std::vector<std::string> words(const std::string& subcommand, const std::string& url,
                                        const std::string& ledger,
                                        std::chrono::milliseconds lease) {
    return {subcommand,
            "--store",
            url,
            "--ledger",
            ledger,
            "--lease-ms",
            std::to_string(lease.count())};
  }

  real_store& store;
  std::string ledger;

 private:
  contest(real_store& s, const std::string& name, std::chrono::milliseconds lease)
      : election_fixture{words("contend", s.url(), name, lease)}, store{s}, ledger{name} {}
};

}  // namespace neli::test
