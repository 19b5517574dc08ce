// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "strand.hpp"
#include "time_source.hpp"

#include <memory>

namespace neli {

/// The machine's clocks and an Asio timer.
std::unique_ptr<time_source> make_system_time(const strand&);

}  // namespace neli
