// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/system/error_code.hpp>

#include <cstdint>
#include <string>

namespace neli::stores::zookeeper {

/// ZooKeeper's codes that are looked at.
namespace code {
constexpr std::int32_t ok = 0;
constexpr std::int32_t marshalling = -5;
constexpr std::int32_t bad_arguments = -8;
constexpr std::int32_t no_node = -101;
constexpr std::int32_t no_auth = -102;
constexpr std::int32_t bad_version = -103;
constexpr std::int32_t no_children_for_ephemerals = -108;
constexpr std::int32_t node_exists = -110;
constexpr std::int32_t session_expired = -112;
constexpr std::int32_t invalid_acl = -114;
constexpr std::int32_t auth_failed = -115;
constexpr std::int32_t session_moved = -118;
constexpr std::int32_t sasl_required = -124;
}  // namespace code

/// Throws it: as `neli::error` if there cannot be such a node.
[[noreturn]] void fail(std::int32_t code, const std::string& what);

/// The server does not let this client.
bool is_refusal(const boost::system::error_code&) noexcept;

/// After such an answer nothing can be asked in this session.
bool ends_session(std::int32_t code) noexcept;

}  // namespace neli::stores::zookeeper
