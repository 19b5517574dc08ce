// SPDX-License-Identifier: BSL-1.0
// The settings of every store that this program was built with.
#pragma once

#include <neli/stores/kafka.hpp>
#ifdef NELI_HAS_CONSUL
#include <neli/stores/consul.hpp>
#endif
#ifdef NELI_HAS_ETCD
#include <neli/stores/etcd.hpp>
#endif
#ifdef NELI_HAS_ZOOKEEPER
#include <neli/stores/zookeeper.hpp>
#endif
