// SPDX-License-Identifier: BSL-1.0
// Which value of which node this is. ZooKeeper counts a node's values, and begins anew when the
// node is deleted and made anew; and it compares nothing but that count. So neli gives each node a
// mark: it stands before the value, and is the name of an empty node below, which goes with the
// node. A write checks that this is still there.
#pragma once

#include "stores/zookeeper/messages.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace neli::stores::zookeeper {

struct version {
  std::string mark;          ///< empty for a node that was made by others
  std::int64_t created = 0;  ///< of a node without a mark
  std::int32_t count = 0;
  bool operator==(const version&) const = default;
};

std::string to_string(const version&);
/// Throws for what `to_string` does not make.
version parse_version(const std::string&);

std::string new_mark();
/// What is written for these bytes.
std::string marked(const std::string& mark, const std::string& bytes);

struct value {
  version at;
  std::string_view bytes;
};
value read_value(const content&);

}  // namespace neli::stores::zookeeper
