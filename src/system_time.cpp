// SPDX-License-Identifier: BSL-1.0
#include "system_time.hpp"

#include <boost/asio/steady_timer.hpp>

#include <utility>

namespace neli {

namespace {

class system_time final : public time_source {
 public:
  explicit system_time(const strand& s) : timer_{s} {}

  clock::time_point now() const noexcept override { return clock::now(); }

  void wake_at(clock::time_point when, std::function<void()> what) override {
    if (when == clock::time_point::max()) {
      timer_.cancel();
      return;
    }
    // The timer stands still while the machine sleeps. It then wakes late, which is harmless: the
    // clock says who leads, not the timer.
    timer_.expires_after(when - now());
    timer_.async_wait([what = std::move(what)](boost::system::error_code ec) {
      if (!ec) what();
    });
  }

  void stop() override { timer_.cancel(); }

 private:
  asio::steady_timer timer_;
};

}  // namespace

std::unique_ptr<time_source> make_system_time(const strand& s) {
  return std::make_unique<system_time>(s);
}

}  // namespace neli
