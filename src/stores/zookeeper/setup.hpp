// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/stores/register.hpp>
#include <neli/stores/zookeeper.hpp>

namespace neli::stores::zookeeper {

register_store as_register(const neli::zookeeper&);

}  // namespace neli::stores::zookeeper
