// SPDX-License-Identifier: BSL-1.0
#include "stores/kafka/make_client.hpp"

#include "stores/kafka/errand.hpp"
#include "stores/kafka/linger.hpp"
#include "stores/kafka/timer_slack.hpp"
#include <neli/error.hpp>

#include <array>
#include <latch>
#include <memory>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace neli::stores::kafka {

namespace {

/// A client's main thread, and those for a broker, for the group's coordinator, and for what
/// belongs to no broker; and as many again, as other clients may start meanwhile.
constexpr int threads_wanted = 8;

rd_kafka_type_t type_of(client kind) {
  return kind == client::writer ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER;
}

/// librdkafka aborts the process when it cannot make a thread for a group's coordinator, so this
/// tries beforehand whether threads can be made, and throws `std::system_error` if not. The abort
/// is still possible when other code takes the threads within a millisecond.
void require_threads() {
  std::latch tried{1};
  std::vector<std::jthread> some;
  some.reserve(threads_wanted);
  try {
    for (int n = 0; n < threads_wanted; ++n) some.emplace_back([&tried] { tried.wait(); });
  } catch (...) {
    tried.count_down();
    throw;
  }
  tried.count_down();
}

}  // namespace

rd_kafka_t* make_client(client kind, conf_ptr conf, const config& c) {
  require_threads();
  std::array<char, 512> text{};
  const timer_slack inherited;
  auto* made = rd_kafka_new(type_of(kind), conf.get(), text.data(), text.size());
  if (!made) {
    auto why = redacted(text.data(), c);
    if (rd_kafka_last_error() == RD_KAFKA_RESP_ERR__INVALID_ARG)
      throw config_error{"kafka.properties", "(all of it)", std::move(why)};
    throw std::system_error{std::make_error_code(std::errc::resource_unavailable_try_again), why};
  }
  static_cast<void>(conf.release());  // the client owns it now
  return made;
}

void try_client(client kind, const config& c) {
  auto alone = c;
  for (const auto* key : {"bootstrap.servers", "metadata.broker.list", "security.protocol"})
    alone.properties.erase(key);
  // Without brokers its threads have nothing to wait for: this takes a millisecond or so.
  destroy_client(make_client(kind, make_conf(kind, alone), alone));
}

void unmake_client(rd_kafka_t* k, const strand& s) {
  linger(std::make_unique<errand>([k] { destroy_client(k); }), s);
}

void destroy_client(rd_kafka_t* k) {
  rd_kafka_destroy_flags(k, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}

}  // namespace neli::stores::kafka
