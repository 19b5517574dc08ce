// SPDX-License-Identifier: BSL-1.0
#include "stores/kafka/linger.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <utility>

namespace neli::stores::kafka {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto look_every = 10ms;

class lingering : public std::enable_shared_from_this<lingering> {
 public:
  lingering(std::unique_ptr<reluctant> r, const strand& s, std::chrono::milliseconds at_most)
      : thing_{std::move(r)}, timer_{s}, until_{std::chrono::steady_clock::now() + at_most} {}

  void look() {
    if (thing_->ready()) return;  // and so end
    if (std::chrono::steady_clock::now() >= until_) return thing_->give_up();
    timer_.expires_after(look_every);
    timer_.async_wait([self = shared_from_this()](boost::system::error_code ec) {
      if (!ec) self->look();
    });
  }

 private:
  const std::unique_ptr<reluctant> thing_;
  asio::steady_timer timer_;
  const std::chrono::steady_clock::time_point until_;
};

}  // namespace

void linger(std::unique_ptr<reluctant> r, const strand& s, std::chrono::milliseconds at_most) {
  std::make_shared<lingering>(std::move(r), s, at_most)->look();
}

}  // namespace neli::stores::kafka
