// SPDX-License-Identifier: BSL-1.0
#include "with_text.hpp"
#include <neli/stores/kafka.hpp>

#include <librdkafka/rdkafka.h>

namespace neli {

namespace {

class kafka_errors final : public own_category {
 public:
  constexpr kafka_errors() : own_category{0x6e656c692d6b666b} {}
  const char* name() const noexcept override { return "kafka"; }

  std::string message(int value) const override {
    return rd_kafka_err2str(static_cast<rd_kafka_resp_err_t>(value));
  }
};

}  // namespace

const boost::system::error_category& kafka_category() noexcept {
  static const kafka_errors category;
  return category;
}

}  // namespace neli
