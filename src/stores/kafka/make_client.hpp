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

/// Checks whether such a client can be made, as librdkafka checks properties together only when it
/// makes a client. Throws like `make_client`. Connects to no broker, and leaves out the properties
/// of security, which are the same for all kinds: the first client that is made checks those.
void try_client(client, const config&);

/// Destroys it on another thread: that joins the client's threads, each of which may wait for
/// something that cannot be interrupted.
void unmake_client(rd_kafka_t*, const strand&);

/// Destroys it on this thread, however long that takes. The group is told nothing: a good-bye is
/// said before, asynchronously, or not at all.
void destroy_client(rd_kafka_t*);

}  // namespace neli::stores::kafka
