// SPDX-License-Identifier: BSL-1.0
// Elections over ZooKeeper. In a library of its own: link with neli::zookeeper.
#pragma once

#include <neli/detail/api.hpp>
#include <neli/store.hpp>
#include <neli/stores/tls.hpp>

#include <boost/system/error_category.hpp>

#include <optional>
#include <string>
#include <vector>

namespace neli {

/// Apache ZooKeeper, 3.5 or newer, as the store: `config::ledger` names the node that holds the
/// ledger. An aggregate; only the servers have no default:
///
///     neli::config{.store = neli::zookeeper{.servers = {"127.0.0.1:2181"}},
///                  .ledger = "/my-app/leader"}
///
/// The ledger is the node's whole path; a '/' at its beginning may be left out. It is up to 1,000
/// bytes of UTF-8 and keeps ZooKeeper's rules: no element is empty, "." or "..", none has a control
/// character or one that Java's 16 bits do not hold, and nothing is at or below /zookeeper. The
/// node and those above it are created where they are missing, persistent and never deleted. Below
/// it there is an empty node, by which neli tells it from one that is made anew: to delete a ledger
/// use `deleteall`.
///
/// Everything that needs no server is checked when the candidate is made; what cannot work throws
/// `config_error`. Refusals by ZooKeeper (credentials, rights) end a candidate when they last for
/// the longer of ten seconds and three leases: `errc::not_authorized`; a node that ZooKeeper does
/// not take at all: `errc::unusable_ledger`. All else is trouble, with ZooKeeper's code.
///
/// A session of neli's has one connection to one of the servers, of which ZooKeeper allows 60 for
/// each address unless changed (`maxClientCnxns`), and in ZooKeeper a session, on which nothing
/// depends. Before it reads, once in a lease, it has a majority of the servers agree on a write
/// that changes nothing, as ZooKeeper's `sync` does not show that a server has been cut off.
///
/// No thread is added, except that Asio looks up hosts' names on a thread of its own, which stays
/// until the execution context is destroyed: its destructor waits for a look-up that is under way.
/// There is none if all servers are addresses.
struct zookeeper {
  /// ZooKeeper's servers, each "host:port" or "[IPv6 address]:port". They are tried in random
  /// order, one after the other, and all addresses of a host too.
  std::vector<std::string> servers = {};

  /// With a user, neli tells the servers user and password by ZooKeeper's scheme `digest`, and the
  /// nodes that it creates are for that user alone, to read and to write; and for the client's
  /// certificate, if the servers take that for a user. Without, nodes are open to everybody. Nodes
  /// that exist keep the rights that they have. The password crosses the network as it is: use TLS
  /// with it. The user's name has no ':'.
  std::string user = {};

  /// The user's. Needed if there is a user, and refused if there is none.
  std::string password = {};

  /// TLS, to the servers' `secureClientPort`. None: without TLS.
  std::optional<neli::tls> tls = {};

  NELI_API operator store() const;  // NOLINT(google-explicit-constructor): meant to convert

  /// What a guard is told of these settings, passwords included, and back. None: it is the text of
  /// another kind of store.
  NELI_API static std::optional<zookeeper> from_settings(const std::string&);
};

/// The category of ZooKeeper's own codes, which are negative; the message begins with ZooKeeper's
/// name for the code.
NELI_API const boost::system::error_category& zookeeper_category() noexcept;

}  // namespace neli
