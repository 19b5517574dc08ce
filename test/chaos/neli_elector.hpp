// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "elector.hpp"
#include <neli/config.hpp>

#include <facts.hpp>
#include <memory>

namespace neli::chaos {

/// What is on trial: a candidate of neli's. One that ends by itself ends the process.
std::unique_ptr<elector> make_neli_elector(config, const tools::facts&);

}  // namespace neli::chaos
