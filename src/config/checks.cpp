// SPDX-License-Identifier: BSL-1.0
#include "config/checks.hpp"

#include "config/names.hpp"
#include <neli/error.hpp>

namespace neli {

using std::chrono::milliseconds;

void refuse(const std::string& field, const std::string& value, const std::string& rule) {
  throw config_error{field, value, rule};
}

std::string text(milliseconds ms) { return std::to_string(ms.count()) + "ms"; }

void check_within(const std::string& field, milliseconds value, milliseconds least,
                  milliseconds most, const std::string& why) {
  if (value < least || value > most)
    refuse(field, text(value), "must be from " + text(least) + " to " + text(most) + why);
}

void check_not_negative(const std::string& field, milliseconds value) {
  if (value < milliseconds{0}) refuse(field, text(value), "must not be negative");
}

void check_text(const std::string& field, const std::string& value, std::size_t least,
                std::size_t most) {
  constexpr std::size_t shown = 80;
  if (value.size() < least || value.size() > most)
    refuse(field, value.size() > shown ? value.substr(0, shown) + "..." : value,
           "must be " + std::to_string(least) + " to " + std::to_string(most) + " bytes, is " +
               std::to_string(value.size()));
  if (!is_utf8(value)) refuse(field, value, "must be valid UTF-8");
}

}  // namespace neli
