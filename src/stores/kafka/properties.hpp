// SPDX-License-Identifier: BSL-1.0
// librdkafka's properties: the user's, neli's defaults, and those that are neli's alone.
#pragma once

#include "stores/kafka/config.hpp"
#include "stores/kafka/owned.hpp"

#include <librdkafka/rdkafka.h>

#include <chrono>
#include <string>

namespace neli::stores::kafka {

enum class client { reader, writer, member, administrator };

using conf_ptr = owned<rd_kafka_conf_t, rd_kafka_conf_destroy>;

/// Throws `config_error` for a property that only neli may set, and for one that is missing.
void check_properties(const config&);

/// The properties of one kind of client. Throws `config_error` with librdkafka's text.
conf_ptr make_conf(client, const config&);

/// How long a fetch may wait for something new, and so how late the end of an empty ledger is
/// noticed.
std::chrono::milliseconds fetch_wait(const config&);

/// A number of milliseconds, as librdkafka's and Kafka's properties are written.
std::string ms(std::chrono::milliseconds);

/// The text without any of the configuration's secrets.
std::string redacted(std::string text, const config&);

}  // namespace neli::stores::kafka
