// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "elector.hpp"

#include <facts.hpp>
#include <map>
#include <memory>
#include <string>

namespace neli::chaos {

/// The control: a classic elector. The same faults must make two of them lead at once; otherwise
/// the faults are too easy to prove anything about neli.
std::unique_ptr<elector> make_control(const std::map<std::string, std::string>& kafka,
                                      const std::string& topic, const tools::facts&);

}  // namespace neli::chaos
