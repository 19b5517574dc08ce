// SPDX-License-Identifier: BSL-1.0
// The store in memory, under conditions in which everything happens at once.
#include "contract/store.hpp"
#include "stores/memory/ledger.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <utility>

namespace neli::test::contract {

namespace {

namespace memory = stores::memory;

/// Each record has another time.
class numbering_log final : public memory::log {
  core::stamp now() const override { return static_cast<core::stamp>(end()) + 1; }
};

/// What can be cut off.
class wire final : public memory::conditions {
 public:
  explicit wire(const strand& s) : strand_{s} {}

  void cut() { cut_ = true; }
  void mend() {
    cut_ = false;
    for (const auto& e : std::exchange(held_up_, {})) e();
  }

 private:
  void answer(event e) override { asio::post(strand_, std::move(e)); }
  void look(event e) override { arrive(std::move(e)); }
  void fetch(event e) override { arrive(std::move(e)); }
  void append(event arrives, outcome told) override {
    if (!cut_) arrives();
    told(!cut_);
  }
  void arrive(event e) {
    if (cut_)
      held_up_.push_back(std::move(e));
    else
      e();
  }

  const strand strand_;
  bool cut_ = false;
  std::vector<event> held_up_;
};

class memory_ledgers final : public ledgers {
 public:
  void pass(milliseconds) override {
    context_.restart();
    context_.poll();
  }
  std::unique_ptr<stores::ledger> open(stores::ledger::listener& l, bool) override {
    const strand s{context_.get_executor()};
    wires_.push_back(std::make_shared<wire>(s));
    return std::make_unique<memory::ledger>(log_, wires_.back(), l);
  }
  void make_anew() override { log_.make_anew(); }
  void remove_before(core::offset o) override { log_.remove_before(o); }
  void cut_off() override {
    for (const auto& w : wires_) w->cut();
  }
  void heal() override {
    for (const auto& w : wires_) w->mend();
  }

 private:
  asio::io_context context_;
  numbering_log log_;
  std::vector<std::shared_ptr<wire>> wires_;
};

}  // namespace

store in_memory() {
  return {"memory",
          {ability::make_anew, ability::name, ability::remove, ability::cut_off},
          [] { return std::make_unique<memory_ledgers>(); },
          {}};
}

}  // namespace neli::test::contract
