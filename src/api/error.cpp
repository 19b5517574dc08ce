// SPDX-License-Identifier: BSL-1.0
#include "with_text.hpp"
#include <neli/error.hpp>

#include <utility>

namespace neli {

namespace {

class neli_errors final : public own_category {
 public:
  constexpr neli_errors() : own_category{0x6e656c692d657272} {}
  const char* name() const noexcept override { return "neli"; }

  std::string message(int value) const override {
    switch (static_cast<errc>(value)) {
      case errc::closed: return "the candidate is closed";
      case errc::invalid_config: return "the configuration cannot work";
      case errc::no_ledger: return "the ledger does not exist and may not be created";
      case errc::unusable_ledger: return "the ledger cannot serve";
      case errc::not_authorized: return "the store refuses this client";
      case errc::barrier_abandoned: return "a barrier did not heed its cancellation";
    }
    return "unknown error " + std::to_string(value);
  }
};

}  // namespace

const boost::system::error_category& error_category() noexcept {
  static const neli_errors category;
  return category;
}

error_code make_error_code(errc e) noexcept { return {static_cast<int>(e), error_category()}; }

error::error(error_code code, std::string what) : system_error{code}, what_{std::move(what)} {}

config_error::config_error(std::string field, std::string value, std::string rule)
    : error{errc::invalid_config,
            "neli: invalid configuration: " + field + " = '" + value + "': " + rule},
      field_{std::move(field)},
      value_{std::move(value)},
      rule_{std::move(rule)} {}

}  // namespace neli
