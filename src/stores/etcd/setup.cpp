// SPDX-License-Identifier: BSL-1.0
#include "stores/etcd/setup.hpp"

#include "stores/etcd/key.hpp"
#include "stores/http/setup.hpp"
#include "stores/net/refusals.hpp"
#include "stores/net/settings.hpp"
#include <neli/config.hpp>
#include <neli/error.hpp>

#include <boost/json.hpp>

#include <algorithm>

namespace neli {

etcd::operator neli::store() const { return stores::etcd::as_register(*this); }

std::optional<etcd> etcd::from_settings(const std::string& text) {
  using namespace stores::net;
  const auto o = settings_of("etcd", text);
  if (!o) return std::nullopt;
  return etcd{texts_of(*o, "endpoints"), text_of(*o, "user"), text_of(*o, "password"), tls_of(*o)};
}

}  // namespace neli

namespace neli::stores::etcd {

namespace {

using namespace std::chrono_literals;

void check_user(const neli::etcd& e) {
  if (e.user.empty() && !e.password.empty())
    throw config_error{"etcd.password", "(not shown)", "needs etcd.user"};
  if (!e.user.empty() && e.password.empty())
    throw config_error{"etcd.password", "", "must be given with etcd.user"};
}

}  // namespace

std::shared_ptr<const access> make_access(const neli::etcd& e, milliseconds lease) {
  check_user(e);
  auto a = std::make_shared<access>();
  a->servers = http::make_servers("etcd.endpoints", e.endpoints, "etcd.tls", e.tls, lease);
  a->user = e.user;
  a->password = e.password;
  // A leader writes several times in a lease.
  a->silence = std::clamp<milliseconds>(2 * lease, 2s, 1min);
  a->patience = net::refusals::patience_at(lease);
  return a;
}

register_store as_register(const neli::etcd& e) {
  const auto mine = std::make_shared<const neli::etcd>(e);
  return {.make =
              [mine](const asio::any_io_executor& on, const config& c) {
                return std::make_unique<key>(on, make_access(*mine, c.lease), c.ledger);
              },
          .kind = "etcd key",
          .check = [mine](const config& c) { make_access(*mine, c.lease); },
          // etcd takes requests of 1.5 MiB unless it is told otherwise.
          .most_bytes = 1024 * 1024,
          .settings = boost::json::serialize(
              boost::json::object{{"kind", "etcd"},
                                  {"endpoints", boost::json::value_from(e.endpoints)},
                                  {"user", e.user},
                                  {"password", e.password},
                                  {"tls", net::to_json(e.tls)}})};
}

}  // namespace neli::stores::etcd
