// SPDX-License-Identifier: BSL-1.0
#include <neli/event.hpp>

namespace neli {

std::string_view to_string(revocation r) noexcept {
  switch (r) {
    case revocation::rebalanced: return "rebalanced";
    case revocation::resigned: return "resigned";
    case revocation::closing: return "closing";
  }
  return "?";
}

std::string_view to_string(fencing f) noexcept {
  switch (f) {
    case fencing::lease_expired: return "lease expired";
    case fencing::superseded: return "superseded";
    case fencing::assignment_lost: return "assignment lost";
    case fencing::barrier_timeout: return "barrier timeout";
    case fencing::ledger_gap: return "ledger gap";
    case fencing::failed: return "failed";
  }
  return "?";
}

std::string_view to_string(vacancy v) noexcept {
  switch (v) {
    case vacancy::unknown: return "unknown";
    case vacancy::unclaimed: return "unclaimed";
    case vacancy::released: return "released";
    case vacancy::lease_expired: return "lease expired";
  }
  return "?";
}

namespace {

struct describe {
  static std::string with(std::string_view what, const term& t) {
    return std::string{what} + " " + t.role() + ", term " + std::to_string(t.token());
  }
  std::string operator()(const leader_acquired& a) const { return with("acquired", a.term); }
  std::string operator()(const leader_revoked& r) const {
    return with("revoked", r.term) + ": " + std::string{to_string(r.reason)};
  }
  std::string operator()(const leader_fenced& f) const {
    return with("fenced", f.term) + ": " + std::string{to_string(f.reason)};
  }
  std::string operator()(const leader_changed& c) const {
    if (!c.leader) return "nobody leads: " + std::string{to_string(c.reason)};
    return c.leader->name + " leads, term " + std::to_string(c.leader->token);
  }
  std::string operator()(const barrier_failed& b) const { return "barrier failed: " + b.what; }
  std::string operator()(const task_failed& t) const { return "task failed: " + t.what; }
  std::string operator()(const trouble& t) const {
    return (t.code ? "trouble: " : "trouble is over: ") + t.what;
  }
};

}  // namespace

std::string to_string(const event& e) {
  return std::visit(describe{}, static_cast<const event_base&>(e));
}

}  // namespace neli
