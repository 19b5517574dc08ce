// SPDX-License-Identifier: BSL-1.0
#include "registers.hpp"

#ifdef NELI_HAS_ETCD
#include "stores/etcd/setup.hpp"
#endif
#ifdef NELI_HAS_ZOOKEEPER
#include "stores/zookeeper/setup.hpp"
#endif

#include <sstream>
#include <stdexcept>

namespace neli::chaos {

namespace {

std::vector<std::string> elements_of(const std::string& list) {
  std::vector<std::string> all;
  std::istringstream in{list};
  for (std::string one; std::getline(in, one, ',');) all.push_back(one);
  return all;
}

}  // namespace

std::vector<std::string> kinds() {
  std::vector<std::string> all{"kafka"};
#ifdef NELI_HAS_ETCD
  all.emplace_back("etcd");
#endif
#ifdef NELI_HAS_ZOOKEEPER
  all.emplace_back("zookeeper");
#endif
  return all;
}

register_store register_of(const std::string& kind, const std::string& servers) {
  [[maybe_unused]] const auto all = elements_of(servers);
#ifdef NELI_HAS_ETCD
  if (kind == "etcd") return stores::etcd::as_register({.endpoints = all});
#endif
#ifdef NELI_HAS_ZOOKEEPER
  if (kind == "zookeeper") return stores::zookeeper::as_register({.servers = all});
#endif
  throw std::invalid_argument{"no register is of kind " + kind};
}

}  // namespace neli::chaos
