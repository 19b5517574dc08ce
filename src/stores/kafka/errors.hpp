// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/system/error_code.hpp>
#include <librdkafka/rdkafka.h>

#include <string>

namespace neli::stores::kafka {

/// What one of Kafka's errors means for an election.
enum class severity {
  passing,  ///< librdkafka tries again by itself
  echo,     ///< the same; it does not name the cause, which librdkafka tells separately
  gone,     ///< the topic, or the place in it, does not exist (any more)
  refused,  ///< the broker refuses; if it keeps refusing, trying again is useless
};

/// The text is librdkafka's, which tells more than the code.
severity severity_of(rd_kafka_resp_err_t, const char* text) noexcept;

boost::system::error_code code_of(rd_kafka_resp_err_t, const char* text) noexcept;

/// Kafka's name of the error and its text.
std::string describe(rd_kafka_resp_err_t, const char* text);

}  // namespace neli::stores::kafka
