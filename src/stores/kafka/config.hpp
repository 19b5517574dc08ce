// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/stores/kafka.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace spdlog {
class logger;
}

namespace neli::stores::kafka {

/// All that the store works by: its own settings, and what it shares with the election.
struct config : neli::kafka {
  std::string topic = {};
  std::chrono::milliseconds lease{};
  std::chrono::milliseconds barrier_timeout{};
  std::shared_ptr<spdlog::logger> logger = {};
};

}  // namespace neli::stores::kafka
