// SPDX-License-Identifier: BSL-1.0
#include "elections/stores.hpp"

#include "harness/predecessor.hpp"
#include "stores/etcd_fixture.hpp"
#include "zookeeper/fixture.hpp"

#include <filesystem>
#include <stdexcept>

namespace neli::test {

namespace {

class on_etcd final : public real_store {
 public:
  servers& its_servers() override { return the_etcd(); }
  store settings() override { return neli::etcd{.endpoints = {the_etcd().address()}}; }
  std::string url() override { return "etcd://" + the_etcd().address(); }
  std::string new_ledger() override { return unique_key(); }

  void remove(const std::string& ledger) override {
    etcd_registers there;
    there.key = ledger;
    there.remove();
  }
  forbidden forbid() override {
    return {"etcd://one:p@" + the_etcd_with_users().address(), unique_key(),
            "etcdserver: permission denied"};
  }

 private:
  std::string data() const override { return "node1/data"; }
};

class on_zookeeper final : public real_store {
 public:
  servers& its_servers() override { return the_zookeeper(); }
  store settings() override { return neli::zookeeper{.servers = {the_zookeeper().address()}}; }
  std::string url() override { return "zookeeper://" + the_zookeeper().address(); }
  std::string new_ledger() override { return zookeeper_registers{}.path(); }

  void remove(const std::string& ledger) override {
    zookeeper_registers there;
    there.config.ledger = ledger;
    there.remove();
  }
  forbidden forbid() override {
    const auto hers = new_ledger();
    have_a_predecessor(
        neli::zookeeper{
            .servers = {the_zookeeper().address()}, .user = "alice", .password = "secret"},
        hers);
    return {url(), hers, "NoAuth"};
  }

 private:
  std::string data() const override { return "node1/version-2"; }
};

}  // namespace

void real_store::lose_everything() {
  its_servers().stop();
  std::filesystem::remove_all(its_servers().folder() + "/" + data());
  its_servers().start();
}

real_store& store_of(const std::string& kind) {
  static on_etcd etcd;
  static on_zookeeper zookeeper;
  if (kind == "etcd") return etcd;
  if (kind == "zookeeper") return zookeeper;
  throw std::invalid_argument{"no store is a " + kind};
}

// --- outages ---

outage::outage(real_store& of, kind k) : servers_{of.its_servers()}, kind_{k} {
  switch (kind_) {
    case kind::paused: servers_.pause(); break;
    case kind::stopped: servers_.stop(); break;
    case kind::killed: servers_.kill(); break;
  }
}

outage::~outage() {
  if (kind_ == kind::paused)
    servers_.resume();
  else
    servers_.start();
}

}  // namespace neli::test
