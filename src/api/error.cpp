// SPDX-License-Identifier: BSL-1.0
#include "config/names.hpp"
#include <neli/error.hpp>

#include <librdkafka/rdkafka.h>

#include <cstddef>
#include <map>
#include <mutex>
#include <tuple>
#include <utility>

namespace neli {

namespace {

using boost::system::error_code;

/// Categories with the same id compare equal.
constexpr boost::ulong_long_type neli_id = 0x6e656c692d657272;
constexpr boost::ulong_long_type kafka_id = 0x6e656c692d6b666b;

// Of codes with a text of their own.
constexpr std::size_t longest_text = 1000;  // bytes
constexpr std::size_t most_texts = 1000;

class neli_errors final : public boost::system::error_category {
 public:
  constexpr neli_errors() : error_category{neli_id} {}
  const char* name() const noexcept override { return "neli"; }

  std::string message(int value) const override {
    switch (static_cast<errc>(value)) {
      case errc::closed: return "the candidate is closed";
      case errc::invalid_config: return "the configuration cannot work";
      case errc::no_topic: return "the leader topic does not exist and may not be created";
      case errc::unusable_topic: return "the leader topic cannot serve";
      case errc::not_authorized: return "the brokers refuse this client";
      case errc::barrier_abandoned: return "a barrier did not heed its cancellation";
    }
    return "unknown error " + std::to_string(value);
  }
};

class kafka_errors final : public boost::system::error_category {
 public:
  constexpr kafka_errors() : error_category{kafka_id} {}
  const char* name() const noexcept override { return "kafka"; }

  std::string message(int value) const override {
    return rd_kafka_err2str(static_cast<rd_kafka_resp_err_t>(value));
  }
};

/// The category of one code with one text.
class text_category final : public boost::system::error_category {
 public:
  text_category(boost::ulong_long_type id, const boost::system::error_category& base, int value,
                std::string text)
      : error_category{id}, base_{base}, value_{value}, text_{std::move(text)} {}

  const char* name() const noexcept override { return base_.name(); }
  std::string message(int value) const override {
    return value == value_ ? text_ : base_.message(value);
  }

 private:
  const boost::system::error_category& base_;
  int value_;
  std::string text_;
};

}  // namespace

error_code with_text(error_code code, const std::string& text) {
  const bool ours = code.category() == error_category();
  if (!ours && code.category() != kafka_category()) return code;
  // Codes are copied freely, so a category is never destroyed.
  static std::mutex mutex;
  static std::map<std::tuple<bool, int, std::string>, text_category> known;
  const std::lock_guard lock{mutex};
  const auto& base = ours ? error_category() : kafka_category();
  std::tuple key{ours, code.value(), cut(text, longest_text)};
  if (known.size() == most_texts && !known.contains(key)) return code;
  const auto found = known.try_emplace(key, ours ? neli_id : kafka_id, base, code.value(),
                                       std::get<std::string>(key));
  return {code.value(), found.first->second};
}

const boost::system::error_category& error_category() noexcept {
  static const neli_errors category;
  return category;
}

const boost::system::error_category& kafka_category() noexcept {
  static const kafka_errors category;
  return category;
}

boost::system::error_code make_error_code(errc e) noexcept {
  return {static_cast<int>(e), error_category()};
}

error::error(boost::system::error_code code, std::string what)
    : system_error{code}, what_{std::move(what)} {}

config_error::config_error(std::string field, std::string value, std::string rule)
    : error{errc::invalid_config,
            "neli: invalid configuration: " + field + " = '" + value + "': " + rule},
      field_{std::move(field)},
      value_{std::move(value)},
      rule_{std::move(rule)} {}

}  // namespace neli
