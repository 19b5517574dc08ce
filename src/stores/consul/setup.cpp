// SPDX-License-Identifier: BSL-1.0
#include "stores/consul/setup.hpp"

#include "stores/consul/key.hpp"
#include "stores/http/setup.hpp"
#include "stores/net/refusals.hpp"
#include "stores/net/settings.hpp"
#include <neli/config.hpp>
#include <neli/error.hpp>
#include <neli/stores/register.hpp>

#include <boost/json.hpp>

#include <algorithm>

namespace neli {

consul::operator neli::store() const {
  const auto mine = std::make_shared<const consul>(*this);
  return register_store{.make =
                            [mine](const asio::any_io_executor& on, const config& c) {
                              return std::make_unique<stores::consul::key>(
                                  on, stores::consul::make_access(*mine, c.lease), c.ledger);
                            },
                        .kind = "Consul key",
                        .check =
                            [mine](const config& c) {
                              stores::consul::check_key(c.ledger);
                              stores::consul::make_access(*mine, c.lease);
                            },
                        // Consul takes transactions of 512 KiB, in which a value is base64.
                        .most_bytes = std::size_t{360} * 1024,
                        .settings = boost::json::serialize(
                            boost::json::object{{"kind", "consul"},
                                                {"addresses", boost::json::value_from(addresses)},
                                                {"token", token},
                                                {"datacenter", datacenter},
                                                {"tls", stores::net::to_json(tls)}})};
}

std::optional<consul> consul::from_settings(const std::string& text) {
  using namespace stores::net;
  const auto o = settings_of("consul", text);
  if (!o) return std::nullopt;
  return consul{texts_of(*o, "addresses"), text_of(*o, "token"), text_of(*o, "datacenter"),
                tls_of(*o)};
}

}  // namespace neli

namespace neli::stores::consul {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t longest_key = 512;

/// What goes into a header as it is.
bool is_printable(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace

void check_key(const std::string& name) {
  const auto refuse = [&](const std::string& rule) {
    throw config_error{"ledger", name.substr(0, 80), rule};
  };
  if (name.empty() || name.size() > longest_key)
    refuse("must be 1 to 512 bytes, as it is a Consul key, is " + std::to_string(name.size()));
  // In a path these would be taken for others.
  for (std::size_t begin = 0; begin <= name.size();) {
    const auto end = std::min(name.find('/', begin), name.size());
    const auto part = name.substr(begin, end - begin);
    if (part.empty() || part == "." || part == "..")
      refuse("must have no part between '/' that is empty, '.' or '..', as it is a Consul key");
    begin = end + 1;
  }
}

std::shared_ptr<const access> make_access(const neli::consul& c, milliseconds lease) {
  if (!is_printable(c.token))
    throw config_error{"consul.token", "(not shown)", "must be printable ASCII without spaces"};
  auto a = std::make_shared<access>();
  a->servers = http::make_servers("consul.addresses", c.addresses, "consul.tls", c.tls, lease);
  a->token = c.token;
  a->datacenter = c.datacenter;
  // A leader writes several times in a lease.
  a->wait = std::clamp<milliseconds>(2 * lease, 2s, 1min);
  a->patience = net::refusals::patience_at(lease);
  return a;
}

}  // namespace neli::stores::consul
