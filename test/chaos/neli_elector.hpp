// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "elector.hpp"
#include <neli/config.hpp>

#include <facts.hpp>
#include <memory>

namespace neli::chaos {

/// The subject of the trial: a candidate of neli's. When it ends by itself, it ends the process.
std::unique_ptr<elector> make_neli_elector(config, const tools::facts&);

}  // namespace neli::chaos
