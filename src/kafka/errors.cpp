// SPDX-License-Identifier: BSL-1.0
#include "kafka/errors.hpp"

#include <neli/error.hpp>

namespace neli::kafka {

severity severity_of(rd_kafka_resp_err_t e) noexcept {
  switch (e) {
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
    case RD_KAFKA_RESP_ERR__AUTHENTICATION: return severity::denied;
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET: return severity::gone;
    case RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL:
    case RD_KAFKA_RESP_ERR_INVALID_GROUP_ID:
    case RD_KAFKA_RESP_ERR_INVALID_SESSION_TIMEOUT:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_FOR_MESSAGE_FORMAT:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION:
    case RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE: return severity::hopeless;
    default: return severity::passing;  // the many others are librdkafka's to get over
  }
}

boost::system::error_code code_of(rd_kafka_resp_err_t e) noexcept {
  if (severity_of(e) == severity::denied) return errc::not_authorized;
  return {static_cast<int>(e), kafka_category()};
}

std::string describe(rd_kafka_resp_err_t e, const char* text) {
  const std::string name = rd_kafka_err2name(e);
  const std::string told = text && *text ? text : rd_kafka_err2str(e);
  return told + " (" + name + ")";
}

}  // namespace neli::kafka
