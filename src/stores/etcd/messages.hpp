// SPDX-License-Identifier: BSL-1.0
// What is said to etcd's JSON gateway, and what it answers: Protocol Buffers as JSON, where bytes
// are base64, 64 bits are a string, and what is zero or empty is left out.
#pragma once

#include <neli/stores/register.hpp>

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace neli::stores::etcd {

namespace json = boost::json;

/// Counts the writes to a cluster.
using revision = std::int64_t;

/// What identifies a value: a cluster that was restored from a backup may number its writes as
/// before, but has another id if it was restored with another token.
struct stamp {
  std::string cluster;
  revision created = 0;
  revision modified = 0;

  std::string version() const;
  /// Of what `version` gave; of an empty one, that of no value.
  static stamp of(const std::string& version);
};

/// A key at a moment.
struct sight {
  register_value value;
  std::string cluster;
  revision at = 0;  ///< the cluster's, then
};

struct swap_answer {
  bool swapped = false;
  sight now;
};

/// A part of a watch's answer.
struct news {
  std::optional<sight> last;  ///< the key after the last of its changes, if there was any
  bool cancelled = false;     ///< nothing more comes
  bool compacted = false;     ///< the history from which it was to start is gone
  std::string reason;         ///< why it was cancelled
};

struct refusal {
  int code = 0;  ///< gRPC's
  std::string text;
};

// --- requests ---

std::string login_request(const std::string& user, const std::string& password);
std::string look_request(const std::string& key);
std::string swap_request(const std::string& key, const stamp& expected, const std::string& bytes);
/// For changes from this revision on.
std::string watch_request(const std::string& key, revision since);

// --- answers; all throw for what is none ---

json::object parse(const std::string&);
std::string token(const json::object&);
sight looked(const json::object&);
swap_answer swapped(const json::object&);
news watched(const json::object&);
/// Of an answer that is no success.
refusal refused(unsigned http_status, const std::string& body);
/// The text of an error that ends a stream.
std::optional<refusal> stream_error(const json::object&);

}  // namespace neli::stores::etcd
