// SPDX-License-Identifier: BSL-1.0
// Everything that the machine can ask its shell to do.
#pragma once

#include "core/record.hpp"
#include <neli/event.hpp>
#include <neli/hindrance.hpp>

#include <string>
#include <variant>
#include <vector>

namespace neli::core::action {

/// Append to the ledger, in the order asked; answer with `appended` or `append_failed`.
struct append {
  core::ticket ticket = 0;
  core::record record;
};
/// Start reading anew, this many records before the end (all, if there are fewer).
struct read_back {
  std::uint64_t records = 0;
};
/// Give the event to the readers of the role's events.
struct emit {
  std::string role;
  neli::event event;
};
/// The candidate leads from now until `until`. Comes again whenever the lease grows.
struct lead {
  std::string role;
  core::token term = 0;
  instant until;
};
/// The candidate does not lead, or not any more.
struct stop_leading {
  std::string role;
};
/// Run the user's barrier; answer with `barrier_done` and the same id.
struct run_barrier {
  std::string role;
  std::uint64_t id = 0;
  neli::event event;
};
/// Cancel the barrier. It answers when it returns, as always.
struct cancel_barrier {
  std::string role;
  std::uint64_t id = 0;
};
/// The barrier has not ended after its cancellation. The core does not wait for it any longer.
struct abandon_barrier {
  std::string role;
  std::uint64_t id = 0;
};
/// Answer the group's wish to have the role back.
struct give_back {
  std::string role;
};
/// What keeps the candidate from leading has changed.
struct hindered {
  std::string role;
  neli::hindrance by{};
};
/// The candidate has given everything up. No action of it follows.
struct finished {
  std::string role;
};

}  // namespace neli::core::action

namespace neli::core {

using any_action =
    std::variant<action::append, action::read_back, action::emit, action::lead,
                 action::stop_leading, action::run_barrier, action::cancel_barrier,
                 action::abandon_barrier, action::give_back, action::hindered, action::finished>;

using actions = std::vector<any_action>;

}  // namespace neli::core
