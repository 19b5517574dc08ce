// SPDX-License-Identifier: BSL-1.0
// Whether something works, as far as is known; told when that changes.
#pragma once

#include "stores/kafka/properties.hpp"
#include "stores/store.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace neli::stores::kafka {

/// For how long a refusal has to be all that is heard until it is believed. Rights that were
/// granted a moment ago, and a broker that has just started, may take as long.
std::chrono::milliseconds until_believed(const config&);

class health {
 public:
  /// Why there is no result yet.
  struct reason {
    rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR__TIMED_OUT;
    std::string what;
  };

  /// `name`: what works or does not, `subject`: where.
  health(std::string name, std::string subject, std::shared_ptr<const config>,
         stores::health_listener&);

  /// It has to work within that time from now, or else that it does not is told, with the reason
  /// as it is then.
  void expect(std::chrono::milliseconds within, std::function<reason()> why_not);
  /// What was expected need not happen any more.
  void expect_nothing() { why_not_ = nullptr; }
  bool expecting() const { return why_not_ != nullptr; }

  /// It works.
  void well(const std::string& as_far_as = {});
  /// It does not work now. A refusal that is all that is heard for long is final.
  void heard(rd_kafka_resp_err_t, const char* text);
  /// Time passes. It is not read from a clock: while the process stands still nothing can be heard.
  void pass(std::chrono::milliseconds);

  bool troubled() const { return troubled_; }
  std::string explain(rd_kafka_resp_err_t, const char* text) const;

 private:
  struct finding {
    boost::system::error_code code;
    std::string what;
  };

  void tell(const finding&);

  const std::string name_;
  const std::string subject_;
  const std::shared_ptr<const config> config_;
  stores::health_listener& listener_;
  bool troubled_ = false;

  std::function<reason()> why_not_;
  std::chrono::milliseconds left_{0};  ///< until that is told

  std::optional<finding> echo_;  ///< told if the cause is not by the next look
  std::optional<finding> refusal_;
  std::chrono::milliseconds refused_for_{0};
};

}  // namespace neli::stores::kafka
