// SPDX-License-Identifier: BSL-1.0
#include "stores/http/setup.hpp"

#include <neli/error.hpp>

#include <algorithm>

namespace neli::stores::http {

using namespace std::chrono_literals;

servers make_servers(const std::string& endpoints_field, const std::vector<std::string>& endpoints,
                     const std::string& tls_field, const std::optional<neli::tls>& tls,
                     milliseconds lease) {
  if (endpoints.empty()) throw config_error{endpoints_field, "", "must name at least one server"};
  servers s;
  for (const auto& e : endpoints)
    s.endpoints.push_back(parse_endpoint(endpoints_field, e, tls.has_value()));
  if (std::any_of(s.endpoints.begin(), s.endpoints.end(), [](const auto& e) { return e.secure; }))
    s.tls = net::make_tls(tls_field, tls.value_or(neli::tls{}));
  // An operation has a quarter of the lease, and of some servers one may be a black hole.
  s.connect_limit = std::clamp<milliseconds>(lease / 8, 250ms, 2s);
  s.answer_limit = std::clamp<milliseconds>(lease, 1s, 10s);
  return s;
}

}  // namespace neli::stores::http
