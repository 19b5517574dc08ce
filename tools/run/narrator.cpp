// SPDX-License-Identifier: BSL-1.0
#include "narrator.hpp"

#include <boost/json/serialize.hpp>
#include <spdlog/fmt/chrono.h>
#include <spdlog/fmt/fmt.h>

#include <chrono>
#include <iostream>

namespace neli::tools {

void narrator::say(std::string_view event, std::string_view text,
                   const boost::json::object& more) const {
  if (form_ == form::none) return;
  if (form_ == form::words) {
    std::cerr << "neli run: " << text << std::endl;
    return;
  }
  const auto now =
      std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto ms = now.time_since_epoch().count() % 1000;
  boost::json::object line{
      {"time",
       fmt::format("{:%FT%T}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(now)), ms)},
      {"event", event},
      {"text", text}};
  for (const auto& [key, value] : more) line[key] = value;
  std::cerr << boost::json::serialize(line) << std::endl;
}

}  // namespace neli::tools
