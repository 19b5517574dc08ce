// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <memory>
#include <utility>

namespace neli {

/// A member of an object whose handlers may outlive it. Used on one strand.
class lifetime {
 public:
  lifetime() = default;
  lifetime(const lifetime&) = delete;
  lifetime& operator=(const lifetime&) = delete;

  /// The same function, except that it does nothing once the object is gone.
  template <class F>
  auto guard(F f) const {
    return [weak = std::weak_ptr{alive_}, f = std::move(f)](auto&&... args) {
      if (!weak.expired()) f(std::forward<decltype(args)>(args)...);
    };
  }

 private:
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

}  // namespace neli
