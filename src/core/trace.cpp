// SPDX-License-Identifier: BSL-1.0
#include "core/trace.hpp"

#include "core/overloaded.hpp"

#include <boost/json.hpp>

#include <string_view>

namespace neli::core {

namespace json = boost::json;

namespace {

std::int64_t ns(instant t) { return t.time_since_epoch() / std::chrono::nanoseconds{1}; }

json::object step(std::string_view what, const json::object& rest = {}) {
  json::object o{{"what", what}};
  for (const auto& [key, value] : rest) o[key] = value;
  return o;
}

json::object of_role(std::string_view what, const std::string& role) {
  return step(what, {{"role", role}});
}

json::object barrier(std::string_view what, const std::string& role, std::uint64_t id) {
  return step(what, {{"role", role}, {"id", id}});
}

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
  return std::visit(
      overloaded{
          [](const input::reading& x) {
            return step("reading",
                        {{"since", x.since}, {"beginning", x.beginning}, {"log", x.log}});
          },
          [](const input::read& x) {
            const auto* known = std::get_if<record>(&x.what);
            return step("read", {{"at", x.at},
                                 {"stamp", x.stamp},
                                 {"fingerprint", x.fingerprint},
                                 {"record", known ? to_json(*known) : json::value{}}});
          },
          [](const input::end_reached&) { return step("end_reached"); },
          [](const input::gap&) { return step("gap"); },
          [](const input::appended& x) {
            return step("appended", {{"ticket", x.ticket}});
          },
          [](const input::append_failed& x) {
            return step("append_failed", {{"ticket", x.ticket}});
          },
          [](const input::assigned& x) { return of_role("assigned", x.role); },
          [](const input::asked_back& x) { return of_role("asked_back", x.role); },
          [](const input::lost& x) { return of_role("lost", x.role); },
          [](const input::left&) { return step("left"); },
          [](const input::contend& x) { return of_role("contend", x.role); },
          [](const input::watch& x) { return of_role("watch", x.role); },
          [](const input::unwatch& x) { return of_role("unwatch", x.role); },
          [](const input::barrier_done& x) { return barrier("barrier_done", x.role, x.id); },
          [](const input::resign& x) {
            return step("resign", {{"role", x.role}, {"stand_back_ms", x.stand_back.count()}});
          },
          [](const input::close& x) { return of_role("close", x.role); },
          [](const input::drop& x) { return of_role("drop", x.role); },
          [](const input::fail&) { return step("fail"); },
          [](const input::set_metadata&) { return step("set_metadata"); },
          [](const input::tick&) { return step("tick"); },
      },
      i);
}

json::object to_json(const any_action& a) {
  return std::visit(
      overloaded{
          [](const action::append& x) {
            return step("append", {{"ticket", x.ticket}, {"record", to_json(x.record)}});
          },
          [](const action::read_back& x) {
            return step("read_back", {{"records", x.records}});
          },
          [](const action::emit& x) {
            return step("emit", {{"role", x.role}, {"event", to_json(x.event)}});
          },
          [](const action::lead& x) {
            return step("lead", {{"role", x.role}, {"term", x.term}, {"until_ns", ns(x.until)}});
          },
          [](const action::stop_leading& x) { return of_role("stop_leading", x.role); },
          [](const action::run_barrier& x) {
            return step("run_barrier",
                        {{"role", x.role}, {"id", x.id}, {"event", to_json(x.event)}});
          },
          [](const action::cancel_barrier& x) { return barrier("cancel_barrier", x.role, x.id); },
          [](const action::abandon_barrier& x) { return barrier("abandon_barrier", x.role, x.id); },
          [](const action::give_back& x) { return of_role("give_back", x.role); },
          [](const action::hindered& x) {
            return step("hindered", {{"role", x.role}, {"by", to_string(x.by)}});
          },
          [](const action::finished& x) { return of_role("finished", x.role); },
      },
      a);
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
              step("start", {{"id", self.id},
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
