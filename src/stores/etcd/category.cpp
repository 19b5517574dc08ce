// SPDX-License-Identifier: BSL-1.0
#include <neli/stores/etcd.hpp>

#include <string>

namespace neli {

namespace {

class grpc_codes final : public boost::system::error_category {
 public:
  constexpr grpc_codes() : error_category{0x6e656c6965746364} {}
  const char* name() const noexcept override { return "etcd"; }

  std::string message(int value) const override {
    static const char* const names[] = {
        "ok",        "cancelled",      "unknown",           "invalid argument", "timed out",
        "not found", "already exists", "permission denied", "exhausted",        "wrong state",
        "aborted",   "out of range",   "unsupported",       "internal error",   "unavailable",
        "data lost", "not logged in"};
    if (value >= 0 && value <= 16) return names[value];
    return "unknown error " + std::to_string(value);
  }
};

}  // namespace

const boost::system::error_category& etcd_category() noexcept {
  static const grpc_codes category;
  return category;
}

}  // namespace neli
