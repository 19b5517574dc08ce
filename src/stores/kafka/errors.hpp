// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/system/error_code.hpp>
#include <librdkafka/rdkafka.h>

#include <string>

namespace neli::stores::kafka {

/// What an error of Kafka's means for an election.
enum class severity {
  passing,  ///< librdkafka tries on by itself
  echo,     ///< the same, and it says nothing of the cause, which is told besides
  gone,     ///< the topic, or the place in it, does not exist (any more)
  refused,  ///< the broker does not want it so: if it goes on saying so, trying is in vain
};

/// The text is librdkafka's, which tells more than the code.
severity severity_of(rd_kafka_resp_err_t, const char* text) noexcept;

boost::system::error_code code_of(rd_kafka_resp_err_t, const char* text) noexcept;

/// Kafka's name of the error and its text.
std::string describe(rd_kafka_resp_err_t, const char* text);

}  // namespace neli::stores::kafka
