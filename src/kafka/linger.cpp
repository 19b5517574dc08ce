// SPDX-License-Identifier: BSL-1.0
#include "kafka/linger.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <utility>

namespace neli::kafka {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto look_every = 10ms;
constexpr auto at_most = 30s;

class lingering : public std::enable_shared_from_this<lingering> {
 public:
  lingering(std::unique_ptr<reluctant> r, const strand& s) : thing_{std::move(r)}, timer_{s} {}

  void look() {
    if (thing_->ready()) return;  // and so end
    if (waited_ >= at_most) return thing_->give_up();
    waited_ += look_every;
    timer_.expires_after(look_every);
    timer_.async_wait([self = shared_from_this()](boost::system::error_code ec) {
      if (!ec) self->look();
    });
  }

 private:
  const std::unique_ptr<reluctant> thing_;
  asio::steady_timer timer_;
  std::chrono::milliseconds waited_{0};
};

}  // namespace

void linger(std::unique_ptr<reluctant> r, const strand& s) {
  std::make_shared<lingering>(std::move(r), s)->look();
}

}  // namespace neli::kafka
