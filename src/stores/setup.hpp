// SPDX-License-Identifier: BSL-1.0
// What a user says of a store: what `neli::store` holds.
#pragma once

#include "stores/store.hpp"
#include <neli/arbitration.hpp>
#include <neli/config.hpp>

#include <memory>
#include <string>

namespace neli::stores {

/// What a session is for. One for following enters no group, whatever the candidates do.
enum class use { contending, following };

class setup {
 public:
  virtual ~setup() = default;

  /// Filled in and checked, for a configuration that is complete but for this. Checks what can be
  /// checked without the store's servers. Throws `config_error`, and `std::system_error` when the
  /// process lacks what it takes to try.
  virtual std::shared_ptr<const setup> completed(const config&, use) const = 0;

  // --- of one that is complete ---

  /// `group` if what it makes has a membership.
  virtual neli::arbitration arbitration() const = 0;
  /// Throws `config_error` for a role for which nobody could contend.
  virtual void check_role(const std::string&) const {}
  /// For log lines: "topic 'leader'".
  virtual std::string where() const = 0;
  virtual make_store opener() const = 0;
  /// By which a guard makes the same store: text. Empty: it has to know by itself.
  virtual std::string as_text() const { return {}; }
};

}  // namespace neli::stores
