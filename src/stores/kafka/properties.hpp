// SPDX-License-Identifier: BSL-1.0
// librdkafka's properties: the user's, neli's defaults, and those that are neli's alone.
#pragma once

#include "stores/kafka/owned.hpp"
#include <neli/config.hpp>

#include <librdkafka/rdkafka.h>

#include <chrono>
#include <string>

namespace neli::stores::kafka {

enum class client { reader, writer, member, administrator };

using conf_ptr = owned<rd_kafka_conf_t, rd_kafka_conf_destroy>;

/// Refuses properties that are neli's, or missing. Throws `config_error` by name.
void check_properties(const neli::config&);

/// For one kind of client. Throws `config_error` with librdkafka's text.
conf_ptr make_conf(client, const neli::config&);

/// How long a fetch may wait for something new: also how late an empty ledger's end is noticed.
std::chrono::milliseconds fetch_wait(const neli::config&);

/// As the properties of librdkafka and Kafka have it.
std::string ms(std::chrono::milliseconds);

/// The text without any of the configuration's secrets.
std::string redacted(std::string text, const neli::config&);

}  // namespace neli::stores::kafka
