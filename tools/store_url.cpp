// SPDX-License-Identifier: BSL-1.0
#include "store_url.hpp"

#include "stores.hpp"
#include <neli/stores/tls.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace neli::tools {

namespace {

constexpr std::array<std::string_view, 4> kinds{"kafka", "etcd", "consul", "zookeeper"};
constexpr std::string_view with_tls = "+tls";

[[noreturn]] void refuse(const std::string& why) { throw CLI::ValidationError{"--store", why}; }

/// Takes the text before the mark away, if there is the mark.
std::optional<std::string> take_until(std::string& text, std::string_view mark) {
  const auto at = text.find(mark);
  if (at == std::string::npos) return std::nullopt;
  auto before = text.substr(0, at);
  text.erase(0, at + mark.size());
  return before;
}

/// A user's name may have no ':', a password anything.
void take_user(store_url& url, std::string& rest) {
  const auto at = rest.rfind('@');
  if (at == std::string::npos) return;
  auto who = rest.substr(0, at);
  rest.erase(0, at + 1);
  if (url.kind == "kafka") refuse("Kafka's user and password are properties: --property");
  if (url.kind == "consul") {
    url.password = who;
    return;
  }
  const auto user = take_until(who, ":");
  if (!user) refuse("before '@' there must be USER:PASSWORD");
  url.user = *user;
  url.password = who;
}

std::vector<std::string> elements_of(std::string list) {
  std::vector<std::string> all;
  while (auto one = take_until(list, ",")) all.push_back(std::move(*one));
  all.push_back(std::move(list));
  return all;
}

}  // namespace

store_url parse_store_url(const std::string& text) {
  auto rest = text;
  const auto kind = take_until(rest, "://");
  if (!kind) refuse("must begin with kafka://, etcd://, consul:// or zookeeper://");
  store_url url{*kind, false, {}, {}, {}};
  if (url.kind.ends_with(with_tls)) {
    url.tls = true;
    url.kind.resize(url.kind.size() - with_tls.size());
  }
  if (std::find(kinds.begin(), kinds.end(), url.kind) == kinds.end())
    refuse("'" + *kind + "' is no kind of store: kafka, etcd, consul or zookeeper, or with +tls");
  if (url.kind == "kafka" && url.tls)
    refuse("Kafka's TLS is a property: --property security.protocol=SSL");
  take_user(url, rest);
  url.servers = rest;
  return url;
}

store store_of(const store_url& url, const std::string& ca_file) {
  [[maybe_unused]] const auto servers = elements_of(url.servers);
  [[maybe_unused]] const auto tls =
      url.tls ? std::optional{neli::tls{.ca_file = ca_file}} : std::nullopt;
#ifdef NELI_HAS_ETCD
  if (url.kind == "etcd") return etcd{servers, url.user, url.password, tls};
#endif
#ifdef NELI_HAS_CONSUL
  if (url.kind == "consul") return consul{.addresses = servers, .token = url.password, .tls = tls};
#endif
#ifdef NELI_HAS_ZOOKEEPER
  if (url.kind == "zookeeper") return zookeeper{servers, url.user, url.password, tls};
#endif
  refuse("this neli was built without " + url.kind);
}

}  // namespace neli::tools
