// SPDX-License-Identifier: BSL-1.0
// What is said to Consul's HTTP API, and what it answers.
#pragma once

#include "stores/http/connection.hpp"
#include <neli/stores/register.hpp>

#include <cstdint>
#include <string>

namespace neli::stores::consul {

/// Counts the changes of a datacenter.
using index = std::uint64_t;

/// A key at a moment.
struct sight {
  register_value value;
  index at = 0;  ///< what a query for changes is to begin with; 0: Consul has not said
};

/// Why a transaction was not done.
struct conflict {
  bool is_stale = false;  ///< the key has another index than was expected
  std::string text;
};

/// For a path: all but what never means anything there, and '/'.
std::string escaped(const std::string& key);
/// A transaction of one step: unlike `PUT /v1/kv`, it answers with the new index. An index of 0
/// expects that there is no such key.
std::string swap_request(const std::string& key, index expected, const std::string& bytes);
index index_of(const std::string& version);

// --- answers; all throw for what is none ---

/// Of a success, or of a key that is not there.
sight looked(const http::response&);
/// The new version.
std::string swapped(const http::response&);
conflict conflicted(const http::response&);
/// Consul's text for an error.
std::string said(const http::response&);

}  // namespace neli::stores::consul
