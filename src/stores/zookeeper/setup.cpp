// SPDX-License-Identifier: BSL-1.0
#include "stores/zookeeper/setup.hpp"

#include "stores/net/refusals.hpp"
#include "stores/net/settings.hpp"
#include "stores/net/tls.hpp"
#include "stores/zookeeper/node.hpp"
#include "stores/zookeeper/path.hpp"
#include <neli/config.hpp>
#include <neli/error.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <chrono>
#include <memory>

namespace neli {

zookeeper::operator store() const { return stores::zookeeper::as_register(*this); }

std::optional<zookeeper> zookeeper::from_settings(const std::string& text) {
  using namespace stores::net;
  const auto o = settings_of("zookeeper", text);
  if (!o) return std::nullopt;
  return zookeeper{texts_of(*o, "servers"), text_of(*o, "user"), text_of(*o, "password"),
                   tls_of(*o)};
}

}  // namespace neli

namespace neli::stores::zookeeper {

namespace {

using namespace std::chrono_literals;

/// The servers take frames of 1 MB, unless changed, with the path and what else is in there.
constexpr std::size_t most_bytes = 960 * 1024;

[[noreturn]] void refuse(const std::string& field, const std::string& value,
                         const std::string& rule) {
  throw config_error{"zookeeper." + field, value, rule};
}

std::vector<server> checked_servers(const neli::zookeeper& z) {
  if (z.servers.empty()) refuse("servers", "", "must name a server");
  std::vector<server> all;
  all.reserve(z.servers.size());
  for (const auto& text : z.servers) all.push_back(parse_server(text));
  return all;
}

void check_user(const neli::zookeeper& z) {
  const auto* given = "***";
  if (z.user.empty() && !z.password.empty())
    refuse("password", given, "must be given with zookeeper.user");
  if (!z.user.empty() && z.password.empty())
    refuse("password", "", "must be given with zookeeper.user");
  if (z.user.find(':') != z.user.npos) refuse("user", z.user, "must not have a ':'");
}

std::shared_ptr<net::tls_client> tls_of(const neli::zookeeper& z) {
  return z.tls ? net::make_tls("zookeeper.tls", *z.tls) : nullptr;
}

void check(const neli::zookeeper& z, const std::string& ledger) {
  checked_servers(z);
  check_user(z);
  tls_of(z);
  node_path(ledger);
}

settings complete(const neli::zookeeper& z, std::chrono::milliseconds lease) {
  settings s{checked_servers(z), z.user, z.password, tls_of(z), {}, {}, {}};
  // So that a leader comes to another server within its lease.
  s.to_connect = std::clamp(lease / 3, 500ms, 3000ms);
  s.to_be_silent = std::clamp(lease / 6, 250ms, 3000ms);
  s.to_be_refused = net::refusals::patience_at(lease);
  return s;
}

}  // namespace

register_store as_register(const neli::zookeeper& z) {
  register_store r;
  r.kind = "ZooKeeper node";
  r.most_bytes = most_bytes;
  r.check = [z](const config& c) { check(z, c.ledger); };
  r.make = [z](const asio::any_io_executor& on, const config& c) {
    return std::make_unique<node>(on, complete(z, c.lease), node_path(c.ledger));
  };
  r.settings =
      boost::json::serialize(boost::json::object{{"kind", "zookeeper"},
                                                 {"servers", boost::json::value_from(z.servers)},
                                                 {"user", z.user},
                                                 {"password", z.password},
                                                 {"tls", net::to_json(z.tls)}});
  return r;
}

}  // namespace neli::stores::zookeeper
