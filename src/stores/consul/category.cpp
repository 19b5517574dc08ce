// SPDX-License-Identifier: BSL-1.0
#include <neli/stores/consul.hpp>

#include <boost/beast/http/status.hpp>

#include <string>

namespace neli {

namespace {

class http_codes final : public boost::system::error_category {
 public:
  constexpr http_codes() : error_category{0x6e656c69636f6e73} {}
  const char* name() const noexcept override { return "consul"; }

  std::string message(int value) const override {
    namespace http = boost::beast::http;
    const auto status = http::int_to_status(static_cast<unsigned>(value));
    if (status == http::status::unknown) return "HTTP status " + std::to_string(value);
    return std::string{http::obsolete_reason(status)};
  }
};

}  // namespace

const boost::system::error_category& consul_category() noexcept {
  static const http_codes category;
  return category;
}

}  // namespace neli
