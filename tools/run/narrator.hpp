// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/json/object.hpp>

#include <string_view>

namespace neli::tools {

/// Says on standard error what `neli run` does: in words, as JSON, or not at all.
class narrator {
 public:
  enum class form { words, json, none };
  explicit narrator(form f) : form_{f} {}

  /// An event's name for programs and a sentence for people. As JSON one line with "time",
  /// "event", "text" and what `more` holds.
  void say(std::string_view event, std::string_view text,
           const boost::json::object& more = {}) const;

 private:
  form form_;
};

}  // namespace neli::tools
