// SPDX-License-Identifier: BSL-1.0
#include "core/kinds.hpp"
#include "core/trace.hpp"
#include "driver/raw_step.hpp"
#include <neli/observer.hpp>

#include <array>
#include <utility>
#include <variant>

namespace neli {

namespace {

template <std::size_t N>
std::string_view named(const std::array<std::string_view, N>& names, int which) noexcept {
  const auto i = static_cast<std::size_t>(which);
  return i < N ? names[i] : "?";
}

class tracer final : public observer {
 public:
  explicit tracer(std::function<void(std::string_view)> out) : out_{std::move(out)} {}
  void stepped(const election_step& s) override { out_(s.to_json()); }

 private:
  const std::function<void(std::string_view)> out_;
};

}  // namespace

// The enumerators are in the order of the core's alternatives; the first step has none.
std::string_view to_string(input_kind k) noexcept {
  return k == input_kind::start ? core::start_name
                                : named(core::input_names, static_cast<int>(k) - 1);
}
std::string_view to_string(action_kind k) noexcept {
  return named(core::action_names, static_cast<int>(k));
}

clock::time_point election_step::at() const noexcept { return raw_.at; }

input_kind election_step::input() const noexcept {
  return raw_.in ? static_cast<input_kind>(raw_.in->index() + 1) : input_kind::start;
}

std::size_t election_step::actions() const noexcept { return raw_.out.size(); }

action_kind election_step::action(std::size_t n) const {
  return static_cast<action_kind>(raw_.out.at(n).index());
}

std::string_view election_step::role_of_action(std::size_t n) const {
  return std::visit(
      [](const auto& a) -> std::string_view {
        if constexpr (requires { a.role; })
          return a.role;
        else
          return {};
      },
      raw_.out.at(n));
}

std::string election_step::to_json() const {
  return raw_.in ? core::trace(raw_.at, *raw_.in, raw_.out)
                 : core::trace(raw_.at, raw_.self, raw_.settings, raw_.out);
}

observer::~observer() = default;

std::shared_ptr<observer> make_tracer(std::function<void(std::string_view)> out) {
  return std::make_shared<tracer>(std::move(out));
}

}  // namespace neli
