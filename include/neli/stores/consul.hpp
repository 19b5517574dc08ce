// SPDX-License-Identifier: BSL-1.0
// Elections over Consul. In a library of its own: link with neli::consul.
#pragma once

#include <neli/detail/api.hpp>
#include <neli/store.hpp>
#include <neli/stores/tls.hpp>

#include <boost/system/error_category.hpp>

#include <optional>
#include <string>
#include <vector>

namespace neli {

/// Consul 1.4 or newer as the store, by its HTTP API: `config::ledger` is the key of its key-value
/// store, whose value is the ledger. No session of Consul's is needed. An aggregate; only the
/// addresses have no default:
///
///     neli::config{.store = neli::consul{.addresses = {"127.0.0.1:8500"}},
///                  .ledger = "my-app/leader"}
///
/// A key is 1 to 512 bytes of UTF-8, in which no part between '/' is empty, "." or "..". Everything
/// that needs no server is checked when the candidate is made; what cannot work throws
/// `config_error`. Refusals by Consul (a wrong token, missing rights) end a candidate when they
/// last for the longer of ten seconds and three leases: `errc::not_authorized`; requests that
/// Consul does not take at all: `errc::unusable_ledger`. All else is trouble, with the HTTP status
/// in `consul_category()` where Consul has answered, and Consul's own text.
///
/// A token needs `key` rights, `read` and `write`, on the key. The ledger has up to
/// 360 KiB, as Consul takes requests of 512. By default it takes 200 connections from one address:
/// each candidate or session has two.
///
/// As to threads, the same holds as for `neli::etcd`: none, but Asio's for the look-up of names.
struct consul {
  /// Agents or servers of one datacenter, at least one: "host:port", "address:port" or "[IPv6
  /// address]:port", also with "http://" or "https://" before it. One is used for as long as it
  /// answers, then the next.
  std::vector<std::string> addresses = {};

  /// The secret id of a token. Empty: the rights of Consul's anonymous token.
  std::string token = {};

  /// The datacenter that holds the key. Empty: that of the agent.
  std::string datacenter = {};

  /// TLS for all addresses; "http://" is refused then. None: only for those that begin with
  /// "https://", with the defaults of `neli::tls`.
  std::optional<neli::tls> tls = {};

  NELI_API operator store() const;  // NOLINT(google-explicit-constructor): meant to convert

  /// What a guard is told of these settings, passwords included, and back. None: it is the text of
  /// another kind of store.
  NELI_API static std::optional<consul> from_settings(const std::string&);
};

/// The category of the codes that Consul answers with: HTTP's, 500 for instance.
NELI_API const boost::system::error_category& consul_category() noexcept;

}  // namespace neli
