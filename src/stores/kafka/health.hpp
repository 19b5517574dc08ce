// SPDX-License-Identifier: BSL-1.0
// Whether something works, as far as is known. The listener is told when that changes.
#pragma once

#include "stores/kafka/properties.hpp"
#include "stores/store.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace neli::stores::kafka {

/// A refusal is final when nothing else has been heard for this long. Rights that were granted a
/// moment ago, and a broker that has just started, may take as long to work.
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

  /// Unless it works within that time from now, the listener is told of trouble, with the reason as
  /// it is then.
  void expect(std::chrono::milliseconds within, std::function<reason()> why_not);
  /// What was expected need not happen any more.
  void expect_nothing() { why_not_ = nullptr; }
  bool expecting() const { return why_not_ != nullptr; }

  /// It works.
  void well(const std::string& as_far_as = {});
  /// It does not work now. A refusal is final when nothing else has been heard for long.
  void heard(rd_kafka_resp_err_t, const char* text);
  /// Time passes. The clock is not read for it, as silence while the process stands still means
  /// nothing.
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
  std::chrono::milliseconds left_{0};  ///< until trouble is told

  std::optional<finding> echo_;  ///< told unless the cause has been told by the next `pass`
  std::optional<finding> refusal_;
  std::chrono::milliseconds refused_for_{0};
};

}  // namespace neli::stores::kafka
