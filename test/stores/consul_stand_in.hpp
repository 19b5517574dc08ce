// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "stores/consul/key.hpp"
#include "stores/consul/setup.hpp"
#include "stores/register_contract.hpp"
#include "stores/scripted_server.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace neli::test {

using namespace std::chrono_literals;

/// Answers about one key as Consul's documentation says that Consul does. This is no Consul: what
/// holds against it shows that a register does what it means to do, not that Consul does.
class consul_stand_in {
 public:
  explicit consul_stand_in(boost::asio::io_context&);

  void remove();
  /// As if it were restored from a backup: the index falls.
  void count_anew();

  scripted_server server;

 private:
  std::string answer(const scripted_server::request&);
  std::string look(const std::string& target) const;
  std::string swap(const std::string& body);
  std::uint64_t index() const { return is_there_ ? modified_ : last_; }

  std::uint64_t last_ = 100;  ///< of any key
  bool is_there_ = false;
  std::uint64_t modified_ = 0;
  std::uint64_t flags_ = 0;
  std::string value_;  ///< in base64
};

/// A key of the stand-in.
class consul_registers : public contract::registers {
 public:
  explicit consul_registers(neli::consul how = {})
      : access{std::make_shared<stores::consul::access>(made(how))} {}

  std::unique_ptr<shared_register> open() override {
    return std::make_unique<stores::consul::key>(on(), access, key);
  }
  void remove() override { stand_in.remove(); }

  consul_stand_in stand_in{context()};
  const std::shared_ptr<stores::consul::access> access;
  const std::string key = "a key/\xc3\xa4?";

 private:
  stores::consul::access made(neli::consul how) const {
    how.addresses = {stand_in.server.address()};
    auto a = *stores::consul::make_access(how, 15s);
    a.patience = 0ms;
    return a;
  }
};

}  // namespace neli::test
