// SPDX-License-Identifier: BSL-1.0
// A store's settings as text, for a guard, which makes the same store.
#pragma once

#include <neli/stores/tls.hpp>

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace neli::stores::net {

boost::json::value to_json(const std::optional<tls>&);
std::optional<tls> tls_of(const boost::json::object& settings);
std::string text_of(const boost::json::object& settings, std::string_view key);
std::vector<std::string> texts_of(const boost::json::object& settings, std::string_view key);

/// None: the text is of another kind of store.
std::optional<boost::json::object> settings_of(std::string_view kind, const std::string& text);

}  // namespace neli::stores::net
