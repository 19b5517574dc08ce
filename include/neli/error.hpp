// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/detail/api.hpp>

#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <string>
#include <string_view>
#include <type_traits>

namespace neli {

/// A code compares equal to `errc`, `asio::error` or the code of a store, and its `message()` is
/// the whole text: the error that ends a candidate reaches its operations with the store's own
/// text in it.
using boost::system::error_code;

/// What can go wrong in neli itself. The numbers are never changed.
enum class errc {
  /// The candidate was closed, or is being closed, or its handle was destroyed.
  closed = 1,
  /// A configuration field is missing, out of range, or at odds with another.
  invalid_config = 2,
  /// The ledger (Kafka's leader topic) does not exist and may not be created: by configuration, for
  /// want of rights, or because of a policy or its name.
  no_ledger = 3,
  /// The ledger exists and cannot serve: a topic with too few partitions, or one that is compacted.
  unusable_ledger = 4,
  /// The store has refused this client for ten seconds or more: its credentials or its rights do
  /// not suffice.
  not_authorized = 5,
  /// A barrier, or a task of `candidate::lead()`, was cancelled and did not return within another
  /// `config::barrier_timeout`.
  barrier_abandoned = 6,
};

/// The category of `errc`.
NELI_API const boost::system::error_category& error_category() noexcept;
NELI_API error_code make_error_code(errc) noexcept;

/// What neli throws. The text of `what()` is complete; an error from the store keeps its text.
class NELI_API error : public boost::system::system_error {
 public:
  error(error_code code, std::string what);

  const char* what() const noexcept override { return what_.c_str(); }

 private:
  std::string what_;
};

/// A configuration that cannot work, told when the candidate is made.
class NELI_API config_error : public error {
 public:
  /// `rule` says what the value should have been.
  config_error(std::string field, std::string value, std::string rule);

  const std::string& field() const noexcept { return field_; }
  /// The value as it was given; for passwords and keys only that there was one.
  const std::string& value() const noexcept { return value_; }
  const std::string& rule() const noexcept { return rule_; }

 private:
  std::string field_;
  std::string value_;
  std::string rule_;
};

}  // namespace neli

template <>
struct boost::system::is_error_code_enum<neli::errc> : std::true_type {};
