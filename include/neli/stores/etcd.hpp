// SPDX-License-Identifier: BSL-1.0
// Elections over etcd. In a library of its own: link with neli::etcd.
#pragma once

#include <neli/detail/api.hpp>
#include <neli/store.hpp>
#include <neli/stores/tls.hpp>

#include <boost/system/error_category.hpp>

#include <optional>
#include <string>
#include <vector>

namespace neli {

/// etcd 3.4 or newer as the store, by the JSON gateway on its clients' port: `config::ledger` is
/// the key, whose value is the ledger. An aggregate; only the endpoints have no default:
///
///     neli::config{.store = neli::etcd{.endpoints = {"127.0.0.1:2379"}},
///                  .ledger = "my-app/leader"}
///
/// A key is 1 to 1,024 bytes of UTF-8. Everything that needs no server is checked when the
/// candidate is made; what cannot work throws `config_error`. Refusals by etcd (wrong credentials,
/// missing rights) end a candidate when they last for the longer of ten seconds and three leases:
/// `errc::not_authorized`; requests that etcd does not take at all: `errc::unusable_ledger`. All
/// else is trouble, with the code in `etcd_category()` where etcd has answered, and etcd's own
/// text.
///
/// A user needs the rights to read and to write the key. A leader writes about four times in a
/// lease, and etcd keeps all that was ever written until it is compacted: have it compact by itself
/// (`--auto-compaction-retention`), or its quota fills, by about 0.2 GB a day and election at a
/// lease of one second, and etcd becomes read-only.
///
/// No thread is added, except that Asio looks up hosts' names on a thread of its own, which stays
/// until the execution context is destroyed: its destructor waits for a look-up that is under way.
/// There is none if all endpoints are addresses.
struct etcd {
  /// Servers of one etcd cluster, at least one: "host:port", "address:port" or "[IPv6
  /// address]:port", also with "http://" or "https://" before it. One is used for as long as it
  /// answers, then the next. Servers that are not of the same cluster hold elections of their own.
  std::vector<std::string> endpoints = {};

  /// For an etcd with authentication. Empty: none. It is logged in when it is needed, and again
  /// when etcd has forgotten that. A common name in a client's certificate is no user here: etcd's
  /// gateway does not look at it.
  std::string user = {};

  /// The user's. Needed if there is a user, and refused if there is none.
  std::string password = {};

  /// TLS for all endpoints; "http://" is refused then. None: only for those that begin with
  /// "https://", with the defaults of `neli::tls`.
  std::optional<neli::tls> tls = {};

  NELI_API operator store() const;  // NOLINT(google-explicit-constructor): meant to convert

  /// What a guard is told of these settings, passwords included, and back. None: it is the text of
  /// another kind of store.
  NELI_API static std::optional<etcd> from_settings(const std::string&);
};

/// The category of the codes that etcd answers with: gRPC's, 14 for "unavailable" for instance.
NELI_API const boost::system::error_category& etcd_category() noexcept;

}  // namespace neli
