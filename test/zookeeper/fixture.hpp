// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "harness/servers.hpp"
#include "stores/register_contract.hpp"
#include "stores/zookeeper/link.hpp"
#include "stores/zookeeper/messages.hpp"
#include "stores/zookeeper/setup.hpp"
#include <neli/config.hpp>
#include <neli/stores/register.hpp>
#include <neli/stores/zookeeper.hpp>

#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace neli::test {

using namespace std::chrono_literals;

/// Words for test/harness/serve, of a ZooKeeper that starts quickly and forgets quickly.
std::vector<std::string> zookeeper_words(std::vector<std::string> words);
/// One for all tests, which leave it running.
servers& the_zookeeper();
/// For the tests of TLS: its clients need certificates.
servers& the_secure_zookeeper();

/// A node of ZooKeeper, of a path that no other test uses.
class zookeeper_registers : public contract::registers {
 public:
  neli::zookeeper settings{.servers = {the_zookeeper().address()}};
  /// With a long lease a busy machine delays nothing for too long.
  neli::config config{.ledger = unique_path(), .lease = 30s};

  /// By the settings and the configuration of now.
  std::unique_ptr<shared_register> open() override {
    return stores::zookeeper::as_register(settings).make(on(), config);
  }
  /// With all that is below.
  void remove() override;

  const std::string& path() const { return config.ledger; }

  /// Makes a client try again while there is trouble, as neli does.
  template <class Operation>
  auto insist(Operation o) {
    const auto give_up = std::chrono::steady_clock::now() + 2min;
    for (;;) try {
        return run(o());
      } catch (const boost::system::system_error&) {
        BOOST_REQUIRE(std::chrono::steady_clock::now() < give_up);
        pass(20ms);
      }
  }

  using registers::context;
  using registers::on;

 protected:
  /// Of a client that does not know of neli.
  void do_together(const std::vector<stores::zookeeper::request>&);
  static stores::zookeeper::request removal(const std::string& path);

 private:
  static std::string unique_path();
  std::string mark();
  std::shared_ptr<stores::zookeeper::connection> connection();

  std::shared_ptr<stores::zookeeper::link> link_;
};

}  // namespace neli::test
