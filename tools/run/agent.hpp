// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "kept_command.hpp"
#include "narrator.hpp"
#include <neli/candidate.hpp>
#include <neli/config.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace neli::tools {

/// What `neli run` ends with where the command's own status does not say it.
namespace exits {
constexpr int not_led = 120, lost = 121, failed = 122, not_executable = 126, not_found = 127;
}

/// `neli run`: contends, runs the command while it leads, and says what it does.
class agent {
 public:
  enum class restart { never, on_failure, always };
  struct settings {
    std::vector<std::string> command;
    std::chrono::milliseconds grace{};
    bool once = false;
    restart again = restart::never;
    std::chrono::milliseconds back_off{};
    std::optional<std::chrono::milliseconds> wait;  ///< to lead for the first time
    std::string on_lost;                            ///< for the shell
    bool guard = true;
    narrator::form form{};
  };

  agent(settings, config);
  ~agent();
  /// Returns the exit status.
  int run();

 private:
  config with_guard(config);
  boost::asio::awaitable<void> lead(term);
  boost::asio::awaitable<bool> keep(const term&, kept_command&);
  boost::asio::awaitable<void> obey_signals();
  boost::asio::awaitable<void> tell_events();
  boost::asio::awaitable<void> wait_to_lead();
  void collect_children();
  void run_on_lost(std::uint64_t token);
  void finish(int status);
  limits until(clock::time_point deadline) const;

  settings settings_;
  std::chrono::milliseconds lease_;
  narrator says_;
  kept_command::settings kept_;
  boost::asio::io_context context_{1};
  boost::asio::signal_set signals_;
  boost::asio::steady_timer patience_;
  std::shared_ptr<kept_command> command_;  ///< of this term or, while another leads, of the next
  std::vector<pid_t> others_;              ///< children that are not the command's
  std::optional<int> result_;
  bool has_led_ = false;
  bool closed_ = false;
  bool ending_ = false;  ///< a signal has told the command to end, and this with it
  candidate candidate_;
};

}  // namespace neli::tools
