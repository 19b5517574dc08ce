// SPDX-License-Identifier: BSL-1.0
#include "shell/registry.hpp"

#include <algorithm>
#include <tuple>

namespace neli::shell {

bool by_name::operator()(const candidate* a, const candidate* b) const {
  return std::tie(a->name(), a) < std::tie(b->name(), b);
}

// --- the names ---

bool registry::take(const std::string& role, const strand& user) {
  const std::lock_guard lock{mutex_};
  return taken_.emplace(role, user).second;
}

void registry::vacate(candidate& c) {
  if (!c.gives_up_name()) return;
  const std::lock_guard lock{mutex_};
  taken_.erase(c.name());
}

bool registry::called_by_user_code() {
  const std::lock_guard lock{mutex_};
  return std::any_of(taken_.begin(), taken_.end(),
                     [](const auto& t) { return t.second.running_in_this_thread(); });
}

// --- the endpoints ---

void registry::add(const std::shared_ptr<candidate>& c) { candidates_[c->name()] = c; }

void registry::add(const std::shared_ptr<follower>& f) { followers_.emplace(f->name(), f); }

void registry::remove(candidate& c) {
  if (find(c.name()) == &c) candidates_.erase(c.name());
}

bool registry::remove(follower& f) {
  const auto [first, last] = followers_.equal_range(f.name());
  const auto found =
      std::find_if(first, last, [&](const auto& x) { return x.second.lock().get() == &f; });
  if (found == last) return false;
  followers_.erase(found);
  return true;
}

void registry::clear() {
  candidates_.clear();
  followers_.clear();
}

candidate* registry::find(const std::string& role) const {
  const auto found = candidates_.find(role);
  return found == candidates_.end() ? nullptr : found->second.lock().get();
}

std::vector<std::shared_ptr<candidate>> registry::candidates() const {
  std::vector<std::shared_ptr<candidate>> all;
  for (const auto& [name, weak] : candidates_)
    if (auto one = weak.lock()) all.push_back(std::move(one));
  return all;
}

registry::endpoints registry::all() const {
  endpoints all;
  for (auto& one : candidates()) all.push_back(std::move(one));
  for (const auto& [name, weak] : followers_)
    if (auto one = weak.lock()) all.push_back(std::move(one));
  return all;
}

registry::endpoints registry::of(const std::string& role) const {
  endpoints some;
  if (auto* c = find(role)) some.push_back(c->shared_from_this());
  for (auto [f, last] = followers_.equal_range(role); f != last; ++f)
    if (auto one = f->second.lock()) some.push_back(std::move(one));
  return some;
}

}  // namespace neli::shell
