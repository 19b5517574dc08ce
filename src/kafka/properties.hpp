// SPDX-License-Identifier: BSL-1.0
// librdkafka's properties: the user's, neli's defaults, and those that are neli's alone.
#pragma once

#include <neli/config.hpp>

#include <librdkafka/rdkafka.h>

#include <memory>
#include <string>

namespace neli::kafka {

enum class client { reader, writer, member, administrator };

struct conf_deleter {
  void operator()(rd_kafka_conf_t* c) const { rd_kafka_conf_destroy(c); }
};
using conf_ptr = std::unique_ptr<rd_kafka_conf_t, conf_deleter>;

/// Refuses properties that are neli's, or missing. Throws `config_error` by name.
void check_properties(const neli::config&);

/// For one kind of client. Throws `config_error` with librdkafka's text.
conf_ptr make_conf(client, const neli::config&);

/// The text without any of the configuration's secrets.
std::string redacted(std::string text, const neli::config&);

}  // namespace neli::kafka
