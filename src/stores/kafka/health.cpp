// SPDX-License-Identifier: BSL-1.0
#include "stores/kafka/health.hpp"

#include "stores/kafka/errors.hpp"
#include <neli/error.hpp>

#include <algorithm>
#include <utility>

namespace neli::stores::kafka {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

milliseconds until_believed(const config& c) {
  const auto t = std::max<milliseconds>(10s, 3 * c.lease);
  // Whether the group has kept a member is known only after a session timeout.
  return c.arbitration == arbitration::group ? std::max(t, 2 * c.session_timeout) : t;
}

health::health(std::string name, std::string subject, std::shared_ptr<const config> c,
               stores::health_listener& l)
    : name_{std::move(name)}, subject_{std::move(subject)}, config_{std::move(c)}, listener_{l} {}

void health::expect(milliseconds within, std::function<reason()> why_not) {
  left_ = within;
  why_not_ = std::move(why_not);
}

void health::well(const std::string& as_far_as) {
  expect_nothing();
  echo_.reset();
  refusal_.reset();
  if (std::exchange(troubled_, false))
    listener_.trouble(name_, {}, name_ + " works again" + as_far_as);
}

void health::heard(rd_kafka_resp_err_t error, const char* text) {
  const auto s = severity_of(error, text);
  const finding f{code_of(error, text), explain(error, text)};
  if (s == severity::echo) {
    echo_ = f;
    return;
  }
  if (s != severity::refused) {
    refusal_.reset();
  } else {
    if (!refusal_) refused_for_ = 0ms;
    refusal_ = f;
  }
  tell(f);
}

void health::pass(milliseconds t) {
  if (echo_) tell(finding{*echo_});
  left_ -= t;
  refused_for_ += t;
  if (why_not_ && left_ <= 0ms) {
    const auto [error, what] = std::exchange(why_not_, nullptr)();
    tell({code_of(error, nullptr), subject_ + ": " + what});
  }
  // librdkafka does not repeat an error: what it told last still holds.
  if (refusal_ && refused_for_ >= until_believed(*config_))
    listener_.failed(refusal_->code, refusal_->what);
}

void health::tell(const finding& f) {
  echo_.reset();
  if (std::exchange(troubled_, true)) return;
  listener_.trouble(name_, f.code, name_ + " does not work, trying again: " + f.what);
}

std::string health::explain(rd_kafka_resp_err_t error, const char* text) const {
  return subject_ + ": " + redacted(describe(error, text), *config_);
}

}  // namespace neli::stores::kafka
