// SPDX-License-Identifier: BSL-1.0
#include "core/print.hpp"

#include "core/overloaded.hpp"

namespace neli::core {

namespace {

std::string number(auto n) { return std::to_string(n); }

std::string at(instant t, instant zero) {
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(t - zero).count();
  auto text = number(us / 1000);
  if (us % 1000 != 0) text.append(".").append(number(1000 + us % 1000), 1);
  return text + "ms";
}

std::string role_term(const std::string& role, token t) { return role + "/" + number(t); }

std::string waiting(milliseconds wait) {
  return wait.count() == 0 ? "" : " waiting " + number(wait.count()) + "ms";
}

}  // namespace

std::string print(const record& r) {
  return std::visit(
      overloaded{
          [](const claim& c) {
            return "claim " + role_term(c.role, c.term) + " by " + c.by.id + " based on " +
                   number(c.based_on);
          },
          [](const heartbeat& h) {
            auto text = "heartbeat #" + number(h.seq) + " by " + h.by.id;
            for (const auto& e : h.terms)
              text.append(" ").append(role_term(e.role, e.term)).append(waiting(e.wait));
            for (const auto& role : h.open) text.append(" open ").append(role);
            return text + " based on " + number(h.based_on);
          },
          [](const release& l) {
            return "release " + role_term(l.role, l.term) + " by " + l.id + " based on " +
                   number(l.based_on) + waiting(l.wait);
          },
      },
      r);
}

std::string print(const event& e, instant zero) {
  const auto with = [&](const term& t) {
    return role_term(t.role(), t.token()) + " until " + at(t.deadline(), zero);
  };
  return std::visit(
      overloaded{
          [&](const leader_acquired& a) { return "acquired " + with(a.term); },
          [&](const leader_revoked& r) {
            return "revoked " + with(r.term) + ", " + std::string{to_string(r.reason)};
          },
          [&](const leader_fenced& f) {
            return "fenced " + with(f.term) + ", " + std::string{to_string(f.reason)};
          },
          [&](const leader_changed& c) {
            return c.leader ? "leader is " + c.leader->id + " with " + number(c.leader->token)
                            : "nobody leads, " + std::string{to_string(c.reason)};
          },
          [](const barrier_failed& b) { return "barrier failed: " + b.what; },
          [](const trouble& t) { return "trouble: " + t.what; },
          [](const task_failed& t) { return "task failed: " + t.what; },
      },
      static_cast<const event_base&>(e));
}

std::string print(const any_input& i) {
  return std::visit(
      overloaded{
          [](const input::reading& r) {
            return "reading from " + number(r.since) + (r.beginning ? ", the beginning" : "");
          },
          [](const input::read& r) {
            const auto* known = std::get_if<record>(&r.what);
            return "read " + number(r.at) + ": " + (known ? print(*known) : "unreadable");
          },
          [](const input::end_reached&) { return std::string{"end reached"}; },
          [](const input::gap&) { return std::string{"gap"}; },
          [](const input::appended& a) { return "appended " + number(a.ticket); },
          [](const input::append_failed& a) { return "append failed " + number(a.ticket); },
          [](const input::assigned& a) { return "assigned " + a.role; },
          [](const input::asked_back& r) { return "asked back " + r.role; },
          [](const input::lost& l) { return "lost " + l.role; },
          [](const input::left&) { return std::string{"left the group"}; },
          [](const input::contend& c) { return "contend " + c.role; },
          [](const input::watch& w) { return "watch " + w.role; },
          [](const input::unwatch& u) { return "unwatch " + u.role; },
          [](const input::barrier_done& b) { return "barrier done " + number(b.id); },
          [](const input::resign& r) { return "resign " + r.role; },
          [](const input::close& c) { return "close " + c.role; },
          [](const input::drop& d) { return "drop " + d.role; },
          [](const input::fail&) { return std::string{"fail"}; },
          [](const input::set_metadata& d) { return "set metadata " + d.metadata; },
          [](const input::tick&) { return std::string{"tick"}; },
      },
      i);
}

std::string print(const any_action& a, instant zero) {
  return std::visit(
      overloaded{
          [](const action::append& x) {
            return "append #" + number(x.ticket) + " " + print(x.record);
          },
          [](const action::read_back& x) { return "read back " + number(x.records); },
          [&](const action::emit& x) { return "emit " + print(x.event, zero); },
          [&](const action::lead& x) {
            return "lead " + role_term(x.role, x.term) + " until " + at(x.until, zero);
          },
          [](const action::stop_leading& x) { return "stop leading " + x.role; },
          [&](const action::run_barrier& x) {
            return "run barrier " + number(x.id) + " " + print(x.event, zero);
          },
          [](const action::cancel_barrier& x) { return "cancel barrier " + number(x.id); },
          [](const action::abandon_barrier& x) { return "abandon barrier " + number(x.id); },
          [](const action::give_back& x) { return "give back " + x.role; },
          [](const action::hindered& x) {
            return x.role + " is hindered by " + std::string{to_string(x.by)};
          },
          [](const action::finished& x) { return "finished " + x.role; },
      },
      a);
}

}  // namespace neli::core
