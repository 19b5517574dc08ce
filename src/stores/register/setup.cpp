// SPDX-License-Identifier: BSL-1.0
#include "stores/register/setup.hpp"

#include "config/checks.hpp"
#include "config/environment.hpp"
#include "stores/register/ledger.hpp"
#include "system_time.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace neli {

register_store::operator neli::store() const {
  return neli::store{std::make_shared<const stores::registers::setup>(*this)};
}

}  // namespace neli

namespace neli::stores::registers {

namespace {

constexpr std::size_t longest_ledger = 1024;
constexpr std::size_t longest_kind = 100;
constexpr std::size_t least_bytes = std::size_t{4} * 1024;
constexpr std::size_t most_bytes = std::size_t{64} * 1024 * 1024;

core::stamp time_of_day() {
  const auto t = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<core::stamp>(std::max(t / std::chrono::milliseconds{1}, std::int64_t{0}));
}

core::drift drift_of(const config& c) {
  return {static_cast<std::uint32_t>(std::lround(c.clock_drift * 1e6))};
}

}  // namespace

setup::setup(register_store s, neli::config c, use u)
    : store_{std::move(s)}, config_{std::move(c)}, use_{u} {}

std::shared_ptr<const stores::setup> setup::completed(const neli::config& c, use u) const {
  check_text("ledger", c.ledger, 1, longest_ledger);
  if (!store_.make) refuse("register_store.make", "", "must make the register");
  check_text("register_store.kind", store_.kind, 1, longest_kind);
  if (store_.most_bytes < least_bytes || store_.most_bytes > most_bytes)
    refuse("register_store.most_bytes", std::to_string(store_.most_bytes),
           "must be from 4096 (4 KiB) to 67108864 (64 MiB)");
  if (store_.check) store_.check(c);
  return std::make_shared<const setup>(store_, c, u);
}

std::string setup::where() const { return store_.kind + " '" + config_.ledger + "'"; }

make_store setup::opener() const {
  settings s{[make = store_.make, c = config_](const asio::any_io_executor& on) {
               auto made = make(on, c);
               if (!made) refuse("register_store.make", "null", "must make the register");
               return made;
             },
             where(), config_.lease, drift_of(config_), store_.most_bytes};
  return [s, u = use_](const strand& on, stores::ledger::listener& l) {
    means m{make_system_time(on), time_of_day, random_seed()};
    return store{std::make_unique<ledger>(s, on, l, u == use::contending, std::move(m)), {}};
  };
}

}  // namespace neli::stores::registers
