// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "sim/surroundings.hpp"
#include "stores/register/tail.hpp"
#include <neli/stores/register.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <vector>

namespace neli::sim {

/// The register that all share, in its store, with what may happen to it.
class cell {
 public:
  explicit cell(surroundings& s) : around_{s} {}

  const register_value& now() const { return now_; }
  /// One that it held within the last few seconds.
  const register_value& earlier() const;
  /// Whether the store answers.
  bool is_up() const { return around_.agenda.now() >= up_again_; }

  bool swap(const std::string& expected, const std::string& bytes);
  /// To be told that there is another value, until it says no.
  void on_change(std::function<bool()> f) { watchers_.push_back(std::move(f)); }

  void suffer_faults();
  void remove();
  void forget_before(core::offset);

 private:
  struct former {
    real until;
    register_value what;
  };

  void set(std::string bytes);
  void note_new(const stores::registers::tail&);
  void restore();
  void make_noise();
  void other_appends(const std::string& what);

  surroundings& around_;
  register_value now_;
  stores::registers::tail tail_;
  std::deque<former> formers_;
  std::uint64_t last_version_ = 0;
  std::uint64_t last_noise_ = 0;
  real up_again_{};
  std::vector<std::function<bool()>> watchers_;
};

}  // namespace neli::sim
