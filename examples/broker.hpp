// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/config.hpp>
#include <neli/logging.hpp>
#include <neli/testing/embedded_broker.hpp>

#include <optional>
#include <string>

/// The brokers of the command line or, where it names none, one within this process.
class broker {
 public:
  broker(int argc, char** argv) {
    if (argc > 1)
      servers_ = argv[1];
    else
      embedded_.emplace();
  }

  neli::config config(const std::string& topic) {
    if (embedded_) {
      auto c = embedded_->config(topic);
      c.logger = neli::no_logger();  // no warning that there is only one broker
      return c;
    }
    return {.store = neli::kafka{.properties = {{"bootstrap.servers", servers_}}}, .ledger = topic};
  }

 private:
  std::string servers_;
  std::optional<neli::testing::embedded_broker> embedded_;
};
