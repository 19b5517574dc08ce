// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>

namespace neli::stores::zookeeper {

/// The node that a ledger names. Throws `config_error` for one that ZooKeeper does not take.
std::string node_path(const std::string& ledger);

/// The node above; empty for one at the top.
std::string parent(const std::string& path);

}  // namespace neli::stores::zookeeper
