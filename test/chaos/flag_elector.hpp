// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "elector.hpp"

#include <facts.hpp>
#include <map>
#include <memory>
#include <string>

namespace neli::chaos {

/// The control: leads whoever owns partition 0 of the topic in a plain consumer group, which it
/// remembers in a flag that the group's callback sets. The same faults must make two lead at once,
/// or they are not hard enough to prove anything of neli.
std::unique_ptr<elector> make_flag_elector(const std::map<std::string, std::string>& kafka,
                                           const std::string& topic, const tools::facts&);

}  // namespace neli::chaos
