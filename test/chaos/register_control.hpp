// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "elector.hpp"
#include <neli/config.hpp>
#include <neli/stores/register.hpp>

#include <facts.hpp>
#include <memory>

namespace neli::chaos {

/// The control over a register: a lock that expires, as many programs have it. Its owner renews it
/// now and then. Another one takes it when it has seen no change for a lease. Who has it remembers
/// that in a flag, until it learns otherwise.
std::unique_ptr<elector> make_control(const register_store&, const config&, const tools::facts&);

}  // namespace neli::chaos
