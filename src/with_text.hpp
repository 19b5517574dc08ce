// SPDX-License-Identifier: BSL-1.0
// Codes that carry a text: how what a store says of an error reaches users of operations.
#pragma once

#include <boost/system/error_code.hpp>

#include <string>

namespace neli {

/// A category of neli's. Those with the same id compare equal.
class own_category : public boost::system::error_category {
 public:
  explicit constexpr own_category(boost::ulong_long_type id) : error_category{id}, id_{id} {}
  boost::ulong_long_type id() const noexcept { return id_; }

 private:
  boost::ulong_long_type id_;
};

/// A code that is equal to `code` and whose `message()` is `text`. Codes are copied freely, so a
/// text is kept as long as the process lives, but not without bound: what is beyond 1,000 bytes is
/// cut off, and of more than 1,000 different texts the later ones are not kept, so that `code`
/// comes back as it is. So do codes of categories that are not neli's. From any thread.
boost::system::error_code with_text(boost::system::error_code code, const std::string& text);

}  // namespace neli
