// SPDX-License-Identifier: BSL-1.0
// The messages of ZooKeeper's protocol that neli uses.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace neli::stores::zookeeper {

// --- to a server ---

/// For whom the nodes are that are created.
enum class access { everybody, this_user };

struct request {
  std::int32_t operation;
  std::string body;
};

request get(const std::string& path, bool watch);
request exists(const std::string& path, bool watch);

// These write, or check, alone or several `together`: all or none.
request create(const std::string& path, const std::string& bytes, access);
request set(const std::string& path, const std::string& bytes, std::int32_t version);
request check_exists(const std::string& path);
request together(const std::vector<request>&);

/// With the number by which the answer is known, from 1.
std::string framed(std::int32_t xid, const request&);

/// The first frame of a connection.
std::string hello(std::int64_t last_zxid, std::chrono::milliseconds timeout);
std::string credentials(const std::string& user, const std::string& password);
std::string ping();
std::string good_bye();

// --- from a server ---

/// The `xid` of what answers no request.
constexpr std::int32_t watch_xid = -1;
constexpr std::int32_t credentials_xid = -4;

/// How long the session lasts without a sign of life: the answer to `hello`.
std::chrono::milliseconds session_timeout(std::string_view frame);

/// How every later frame begins.
struct header {
  std::int32_t xid;
  /// The server's last transaction, or none if that is not positive.
  std::int64_t zxid;
  std::int32_t error;
};
constexpr std::size_t header_size = 16;
header read_header(std::string_view frame);

struct content {
  std::string_view bytes;
  std::int64_t created;  ///< the transaction that created the node
  std::int32_t version;  ///< counts since then
};
/// Of a frame that answers `get` without an error.
content read_content(std::string_view frame);

struct outcome {
  std::int32_t error;
  std::int32_t version;  ///< of the node that was `set`, if any
};
/// Of a frame that answers `together`.
outcome read_outcome(std::string_view frame);

}  // namespace neli::stores::zookeeper
