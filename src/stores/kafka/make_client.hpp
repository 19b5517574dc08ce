// SPDX-License-Identifier: BSL-1.0
// Clients of librdkafka's, made and unmade.
#pragma once

#include "stores/kafka/properties.hpp"
#include "strand.hpp"

#include <librdkafka/rdkafka.h>

namespace neli::stores::kafka {

/// Throws `config_error` with librdkafka's text for properties that it refuses together or that
/// name something that it cannot use, and `std::system_error` when there are too few threads left.
/// Waits until its threads have started.
rd_kafka_t* make_client(client, conf_ptr, const config&);

/// Whether such a client could be made: librdkafka looks at what properties mean together only when
/// it makes one. Throws like `make_client`. Does not reach for brokers, and leaves alone what is
/// about their security, which is the same for all kinds: the first client that is made checks it.
void try_client(client, const config&);

/// Destroys it. That joins its threads, each of which may be waiting for something that cannot be
/// interrupted, so it is done elsewhere.
void unmake_client(rd_kafka_t*, const strand&);

/// Destroys it here and now, whatever that waits for. It does not say good-bye to a group: that is
/// done before, asynchronously, or not at all.
void destroy_client(rd_kafka_t*);

}  // namespace neli::stores::kafka
