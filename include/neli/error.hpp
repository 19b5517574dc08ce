// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/detail/api.hpp>

#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <string>
#include <string_view>
#include <type_traits>

namespace neli {

/// What can go wrong in neli itself. The numbers are never changed.
enum class errc {
  /// The candidate was closed, or is being closed, or its handle was destroyed.
  closed = 1,
  /// A configuration field is missing, out of range, or at odds with another.
  invalid_config = 2,
  /// The leader topic does not exist and may not be created: by configuration, for want of rights,
  /// or because of a policy or its name.
  no_topic = 3,
  /// The leader topic exists and cannot serve: too few partitions, or it is compacted.
  unusable_topic = 4,
  /// The brokers have refused this client for ten seconds or more: its credentials or its rights do
  /// not suffice.
  not_authorized = 5,
  /// A barrier, or a task of `candidate::lead()`, was cancelled and did not return within another
  /// `config::barrier_timeout`.
  barrier_abandoned = 6,
};

/// The category of `errc`.
NELI_API const boost::system::error_category& error_category() noexcept;
/// The category of Kafka's own codes (`rd_kafka_resp_err_t`): the brokers' are positive, those of
/// the client library negative.
NELI_API const boost::system::error_category& kafka_category() noexcept;

/// A code that is equal to `code` and whose `message()` is `text`. The error that ends a candidate
/// reaches its operations in this form, with Kafka's text in it. Codes are copied freely, so a text
/// is kept as long as the process lives, but not without bound: what is beyond 1,000 bytes is cut
/// off, and of more than 1,000 different texts the later ones are not kept, so that `code` comes
/// back as it is. So do codes of other categories. From any thread.
NELI_API boost::system::error_code with_text(boost::system::error_code code,
                                             const std::string& text);

NELI_API boost::system::error_code make_error_code(errc) noexcept;

/// What neli throws. The text of `what()` is complete; an error from Kafka keeps Kafka's text.
class NELI_API error : public boost::system::system_error {
 public:
  error(boost::system::error_code code, std::string what);

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
