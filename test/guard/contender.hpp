// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>
#include <vector>

namespace neli::test {

/// Is a candidate until it is killed, and prints facts as `neli contend` does. SIGUSR1 makes it do
/// what `--do` says: crash in some way, or do what looks like it. Options are pairs of words:
/// --store kafka|etcd, --servers, --ledger, --name, --lease-ms, --guard KIND or the socket of one
/// (none: no guard),
/// --children yes|no, --do.
int contend(const std::vector<std::string>& words);

}  // namespace neli::test
