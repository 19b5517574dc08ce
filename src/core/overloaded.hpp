// SPDX-License-Identifier: BSL-1.0
#pragma once

namespace neli::core {

/// One visitor made of several functions.
template <class... F>
struct overloaded : F... {
  using F::operator()...;
};
template <class... F>
overloaded(F...) -> overloaded<F...>;

}  // namespace neli::core
