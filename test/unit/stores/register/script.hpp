// SPDX-License-Identifier: BSL-1.0
// A register whose operations a test answers, one by one.
#pragma once

#include <neli/stores/register.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace neli::test {

template <class T>
class asked {
 public:
  std::string version;  ///< with which it was asked
  std::string bytes;
  asio::any_io_executor on;
  bool cancelled = false;
  bool heeds_cancellation = true;

  bool open() const { return handler_ != nullptr; }
  void answer(T what) { end(nullptr, std::move(what)); }
  template <class E>
  void fail(const E& e) {
    end(std::make_exception_ptr(e), {});
  }

  /// Destroys the coroutine, which holds this.
  void forget() { const auto gone = std::exchange(handler_, nullptr); }

  static asio::awaitable<T> wait(std::shared_ptr<asked> self) {
    return asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr, T)>(
        [self](auto handler) {
          auto slot = asio::get_associated_cancellation_slot(handler);
          self->handler_ = std::make_shared<handler_type>(std::move(handler));
          if (slot.is_connected())
            slot.assign([weak = std::weak_ptr{self}](asio::cancellation_type) {
              if (const auto s = weak.lock()) s->cancel();
            });
        },
        asio::use_awaitable);
  }

 private:
  using handler_type = asio::any_completion_handler<void(std::exception_ptr, T)>;

  void cancel() {
    cancelled = true;
    if (heeds_cancellation && open())
      fail(boost::system::system_error{asio::error::operation_aborted});
  }
  void end(std::exception_ptr e, T what) {
    BOOST_REQUIRE(open());
    asio::post(on, [h = std::exchange(handler_, nullptr), e, what = std::move(what)]() mutable {
      std::move (*h)(e, std::move(what));
    });
  }

  std::shared_ptr<handler_type> handler_;
};

/// What was asked of all registers that were made.
struct script {
  template <class T>
  using every = std::vector<std::shared_ptr<asked<T>>>;

  every<register_value> loads;
  every<register_swap> swaps;
  every<std::optional<register_value>> waits;
  int made = 0;
  int alive = 0;

  class made_one final : public shared_register {
   public:
    made_one(script& s, asio::any_io_executor on) : script_{s}, on_{std::move(on)} {
      ++script_.made, ++script_.alive;
    }
    made_one(const made_one&) = delete;
    made_one& operator=(const made_one&) = delete;
    ~made_one() override { --script_.alive; }

    asio::awaitable<register_value> load() override { return ask(script_.loads, {}, {}); }
    asio::awaitable<register_swap> compare_and_swap(std::string expected,
                                                    std::string bytes) override {
      return ask(script_.swaps, std::move(expected), std::move(bytes));
    }
    asio::awaitable<std::optional<register_value>> wait_for_change(std::string version) override {
      return ask(script_.waits, std::move(version), {});
    }

   private:
    template <class T>
    asio::awaitable<T> ask(every<T>& to, std::string version, std::string bytes) {
      auto one = std::make_shared<asked<T>>();
      one->version = std::move(version);
      one->bytes = std::move(bytes);
      one->on = on_;
      to.push_back(one);
      return asked<T>::wait(std::move(one));
    }

    script& script_;
    const asio::any_io_executor on_;
  };
};

}  // namespace neli::test
