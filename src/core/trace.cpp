// SPDX-License-Identifier: BSL-1.0
#include "core/trace.hpp"

#include "core/kinds.hpp"
#include "core/overloaded.hpp"

#include <boost/json.hpp>

#include <string_view>

namespace neli::core {

namespace json = boost::json;

namespace {

std::int64_t ns(instant t) { return t.time_since_epoch() / std::chrono::nanoseconds{1}; }

/// With the kind of it first.
json::object step(std::string_view what, const json::object& rest) {
  json::object o{{"what", what}};
  for (const auto& [key, value] : rest) o[key] = value;
  return o;
}

/// Of most there is but the role to tell, if it is about one.
json::object role_of(const auto& x) {
  if constexpr (requires { x.role; })
    return {{"role", x.role}};
  else
    return {};
}

json::object barrier(const auto& x) { return {{"role", x.role}, {"id", x.id}}; }

json::value to_json(const record& r) { return json::parse(encode(r)); }

json::object to_json(const event& e) {
  const auto turn = [](std::string_view kind, const term& t) {
    return json::object{{"kind", kind}, {"term", t.token()}};
  };
  if (const auto* a = e.as<leader_acquired>()) return turn("acquired", a->term);
  if (const auto* r = e.as<leader_revoked>()) return turn("revoked", r->term);
  if (const auto* f = e.as<leader_fenced>()) return turn("fenced", f->term);
  if (const auto* c = e.as<leader_changed>())
    return {{"kind", "changed"}, {"term", c->leader ? c->leader->token : 0}};
  return {{"kind", "other"}};
}

json::object to_json(const any_input& i) {
  const auto rest =
      std::visit(overloaded{
                     [](const input::reading& x) -> json::object {
                       return {{"since", x.since}, {"beginning", x.beginning}, {"log", x.log}};
                     },
                     [](const input::read& x) -> json::object {
                       const auto* known = std::get_if<record>(&x.what);
                       return {{"at", x.at},
                               {"stamp", x.stamp},
                               {"fingerprint", x.fingerprint},
                               {"record", known ? to_json(*known) : json::value{}}};
                     },
                     [](const input::appended& x) -> json::object {
                       return {{"ticket", x.ticket}};
                     },
                     [](const input::append_failed& x) -> json::object {
                       return {{"ticket", x.ticket}};
                     },
                     [](const input::barrier_done& x) { return barrier(x); },
                     [](const input::resign& x) -> json::object {
                       return {{"role", x.role}, {"stand_back_ms", x.stand_back.count()}};
                     },
                     [](const auto& x) { return role_of(x); },
                 },
                 i);
  return step(input_names.at(i.index()), rest);
}

json::object to_json(const any_action& a) {
  const auto rest =
      std::visit(overloaded{
                     [](const action::append& x) -> json::object {
                       return {{"ticket", x.ticket}, {"record", to_json(x.record)}};
                     },
                     [](const action::read_back& x) -> json::object {
                       return {{"records", x.records}};
                     },
                     [](const action::emit& x) -> json::object {
                       return {{"role", x.role}, {"event", to_json(x.event)}};
                     },
                     [](const action::lead& x) -> json::object {
                       return {{"role", x.role}, {"term", x.term}, {"until_ns", ns(x.until)}};
                     },
                     [](const action::run_barrier& x) -> json::object {
                       return {{"role", x.role}, {"id", x.id}, {"event", to_json(x.event)}};
                     },
                     [](const action::cancel_barrier& x) { return barrier(x); },
                     [](const action::abandon_barrier& x) { return barrier(x); },
                     [](const action::hindered& x) -> json::object {
                       return {{"role", x.role}, {"by", to_string(x.by)}};
                     },
                     [](const auto& x) { return role_of(x); },
                 },
                 a);
  return step(action_names.at(a.index()), rest);
}

std::string line(instant at, json::object in, const actions& out) {
  json::array done;
  for (const auto& a : out) done.push_back(to_json(a));
  return json::serialize(
      json::object{{"ns", ns(at)}, {"in", std::move(in)}, {"out", std::move(done)}});
}

}  // namespace

std::string trace(instant at, const identity& self, const settings& s, const actions& first) {
  return line(at,
              step(start_name, {{"id", self.id},
                                {"name", self.name},
                                {"arbitration", to_string(s.arbitration)},
                                {"lease_ms", s.lease.count()},
                                {"heartbeat_ms", s.heartbeat_period.count()},
                                {"barrier_timeout_ms", s.barrier_timeout.count()},
                                {"drift_ppm", s.rho.ppm}}),
              first);
}

std::string trace(instant at, const any_input& in, const actions& out) {
  return line(at, to_json(in), out);
}

}  // namespace neli::core
