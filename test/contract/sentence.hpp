// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "contract/store.hpp"

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace neli::test::contract {

/// Adds itself to the contract.
template <class Store>
struct said {
  said(std::string name, std::set<ability> needs, void (*holds)(Store&)) {
    all().push_back({std::move(name), std::move(needs), holds});
  }
  static std::vector<sentence<Store>>& all() {
    static std::vector<sentence<Store>> v;
    return v;
  }
};

}  // namespace neli::test::contract

/// SENTENCE(of what, its name, abilities that it needs...) { what shows that it holds for `in` }
#define SENTENCE(of, name, ...)                           \
  void name(of& in);                                      \
  const said<of> said_##name{#name, {__VA_ARGS__}, name}; \
  void name(of& in)
