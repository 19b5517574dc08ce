// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/system/error_code.hpp>
#include <librdkafka/rdkafka.h>

#include <string>

namespace neli::kafka {

/// What an error of Kafka's means for an election.
enum class severity {
  passing,   ///< librdkafka tries on by itself
  gone,      ///< the topic, or the place in it, does not exist (any more)
  denied,    ///< the rights or the credentials do not suffice
  hopeless,  ///< trying again would not help
};

severity severity_of(rd_kafka_resp_err_t) noexcept;

boost::system::error_code code_of(rd_kafka_resp_err_t) noexcept;

/// Kafka's name of the error and its text.
std::string describe(rd_kafka_resp_err_t, const char* text);

}  // namespace neli::kafka
