// SPDX-License-Identifier: BSL-1.0
#include "stores/kafka/errors.hpp"

#include <neli/error.hpp>
#include <neli/stores/kafka.hpp>

#include <string_view>

namespace neli::stores::kafka {

namespace {

/// librdkafka has one code for all that can go wrong while a connection authenticates: the
/// connection ends, there is no token yet, the broker does not know the user. Only the text tells a
/// broker's answer from the rest.
bool is_answer_of_a_broker(const char* text) {
  const std::string_view told = text ? text : "";
  return told.find("SASL authentication error: ") != std::string_view::npos ||
         told.find("mechanism handshake failed: Broker: ") != std::string_view::npos;
}

bool is_of_rights(rd_kafka_resp_err_t e, const char* text) {
  switch (e) {
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED: return true;
    case RD_KAFKA_RESP_ERR__AUTHENTICATION: return is_answer_of_a_broker(text);
    default: return false;
  }
}

}  // namespace

severity severity_of(rd_kafka_resp_err_t e, const char* text) noexcept {
  if (is_of_rights(e, text)) return severity::refused;
  switch (e) {
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__FATAL: return severity::echo;
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
    case RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE:
    // No thread for a broker: librdkafka does not try again.
    case RD_KAFKA_RESP_ERR__CRIT_SYS_RESOURCE: return severity::refused;
    default: return severity::passing;  // librdkafka recovers from the many others by itself
  }
}

boost::system::error_code code_of(rd_kafka_resp_err_t e, const char* text) noexcept {
  if (is_of_rights(e, text)) return errc::not_authorized;
  return {static_cast<int>(e), kafka_category()};
}

std::string describe(rd_kafka_resp_err_t e, const char* text) {
  const std::string name = rd_kafka_err2name(e);
  const std::string told = text && *text ? text : rd_kafka_err2str(e);
  return told + " (" + name + ")";
}

}  // namespace neli::stores::kafka
