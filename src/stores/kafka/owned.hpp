// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <memory>

namespace neli::stores::kafka {

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* p) const {
    Free(p);
  }
};

/// Something that librdkafka has made, freed by the function for it.
template <class T, auto Free>
using owned = std::unique_ptr<T, freed_by<Free>>;

}  // namespace neli::stores::kafka
