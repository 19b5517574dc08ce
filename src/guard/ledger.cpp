// SPDX-License-Identifier: BSL-1.0
#include "guard/ledger.hpp"

#include "core/record.hpp"
#include "guard/link.hpp"
#include "lifetime.hpp"
#include "stores/setup.hpp"

#include <boost/asio/post.hpp>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace neli::guards {

namespace {

using boost::system::error_code;

/// Stands between a session and its ledger. The guard is told before the ledger is: at the strand's
/// next turn, so that it is told at once of all that many roles claim together.
class told_ledger final : public stores::ledger, private stores::ledger::listener {
 public:
  told_ledger(const strand& s, stores::ledger::listener& l, const guard& how, hello h)
      : strand_{s},
        listener_{l},
        link_{s, how, std::move(h), [this](error_code e, const std::string& what) {
                listener_.trouble("the guard", e, what);
              }} {}

  stores::store around(const stores::make_store& make, const strand& s) {
    auto made = make(s, *this);
    ledger_ = std::move(made.ledger);
    return made;
  }

  void read_back(std::uint64_t records) override {
    if (!std::exchange(started_, true)) link_.start();
    ledger_->read_back(records);
  }

  void append(core::ticket t, std::string value) override {
    const auto decoded = core::decode(value);
    if (const auto* r = std::get_if<core::record>(&decoded)) note(t, *r);
    outbox_.emplace_back(t, std::move(value));
    if (outbox_.size() == 1) asio::post(strand_, lifetime_.guard([this] { send(); }));
  }

  void stop() override {
    outbox_.clear();
    ledger_->stop();
    link_.stop();
  }

 private:
  void note(core::ticket t, const core::record& r) {
    if (const auto* c = std::get_if<core::claim>(&r))
      claims_.push_back({c->by.id, c->role, c->term});
    if (const auto* x = std::get_if<core::release>(&r))
      releases_[t] = ended{x->id, x->role, x->term};
  }

  void send() {
    link_.claims(std::exchange(claims_, {}));
    for (auto& [ticket, value] : std::exchange(outbox_, {}))
      ledger_->append(ticket, std::move(value));
  }

  void reading(core::offset since, bool beginning, const std::string& log) override {
    listener_.reading(since, beginning, log);
  }
  void record(core::offset at, core::stamp taken, std::string_view value) override {
    listener_.record(at, taken, value);
  }
  void end_reached() override { listener_.end_reached(); }
  void gap(const std::string& why) override { listener_.gap(why); }
  void appended(core::ticket t) override {
    if (const auto mine = releases_.extract(t)) link_.released(mine.mapped());
    listener_.appended(t);
  }
  void append_failed(core::ticket t, const std::string& why) override {
    releases_.erase(t);
    listener_.append_failed(t, why);
  }
  void trouble(const std::string& part, error_code e, const std::string& what) override {
    listener_.trouble(part, e, what);
  }
  void failed(error_code e, const std::string& what) override { listener_.failed(e, what); }

  const strand strand_;
  stores::ledger::listener& listener_;
  link link_;
  std::unique_ptr<stores::ledger> ledger_;
  std::vector<std::pair<core::ticket, std::string>> outbox_;
  std::vector<claimed> claims_;             ///< of those in the outbox
  std::map<core::ticket, ended> releases_;  ///< whose outcome is not known yet
  bool started_ = false;
  lifetime lifetime_;
};

}  // namespace

stores::make_store guarded(stores::make_store make, const config& c) {
  hello h{c.store.setup()->as_text(), c.ledger, c.name, c.lease, c.clock_drift, c.guard->children};
  return [make = std::move(make), how = *c.guard, h = std::move(h)](const strand& s,
                                                                    stores::ledger::listener& l) {
    auto outer = std::make_unique<told_ledger>(s, l, how, h);
    auto made = outer->around(make, s);
    made.ledger = std::move(outer);
    return made;
  };
}

}  // namespace neli::guards
