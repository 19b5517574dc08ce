// SPDX-License-Identifier: BSL-1.0
#include <neli/logging.hpp>

#include <spdlog/logger.h>
#include <spdlog/sinks/null_sink.h>

namespace neli {

std::shared_ptr<spdlog::logger> no_logger() {
  auto silent =
      std::make_shared<spdlog::logger>("neli", std::make_shared<spdlog::sinks::null_sink_mt>());
  silent->set_level(spdlog::level::off);
  return silent;
}

}  // namespace neli
