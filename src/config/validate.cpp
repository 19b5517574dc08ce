// SPDX-License-Identifier: BSL-1.0
#include "config/validate.hpp"

#include "config/checks.hpp"
#include "config/environment.hpp"
#include "config/names.hpp"
#include "core/record.hpp"

#include <spdlog/spdlog.h>

#include <fcntl.h>
#include <sys/stat.h>

#include <cmath>
#include <cstdint>
#include <utility>

namespace neli {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

void check_timing(const config& c) {
  check_within("lease", c.lease, 200ms, 10min);
  check_within("heartbeat_period", c.heartbeat_period, 10ms, c.lease / 3, ", a third of lease");
  check_within("barrier_timeout", c.barrier_timeout, 1ms, 10min);
  if (!(c.clock_drift >= 0 && c.clock_drift <= 0.1))
    refuse("clock_drift", std::to_string(c.clock_drift), "must be from 0 to 0.1");
}

bool is_pipe_that_does_not_block(int fd) {
  struct ::stat s {};
  const int flags = ::fcntl(fd, F_GETFL);
  return ::fstat(fd, &s) == 0 && S_ISFIFO(s.st_mode) && flags != -1 && (flags & O_NONBLOCK) != 0;
}

void check_guard(const guard& g) {
  if (g.lifeline >= 0 && !is_pipe_that_does_not_block(g.lifeline))
    refuse("guard.lifeline", std::to_string(g.lifeline), "must be a pipe that does not block");
  constexpr std::size_t longest_path = 100;  // a socket's address has room for 107
  if (!g.socket.empty()) return check_text("guard.socket", g.socket, 1, longest_path);
  if (g.command.empty() || g.command.front().empty())
    refuse("guard.command", "", "must name a program");
  for (const auto& word : g.command)
    if (const auto zero = word.find('\0'); zero != word.npos)
      refuse("guard.command", word.substr(0, zero), "must not contain a zero byte");
}

}  // namespace

config complete(config c) {
  if (c.ledger.empty()) c.ledger = derived_ledger(program_name());
  if (c.name.empty()) c.name = derived_name(host_name(), program_name(), process_number());
  if (c.heartbeat_period == 0ms) c.heartbeat_period = c.lease / 4;
  if (!c.logger) c.logger = spdlog::default_logger();

  check_role(c.role);
  check_text("name", c.name, 1, core::largest_text);
  check_metadata(c.metadata);
  check_timing(c);
  if (c.guard) check_guard(*c.guard);
  return c;
}

config complete(config given, stores::use u) {
  auto c = complete(std::move(given));
  const auto& setup = c.store.setup();
  if (!setup) refuse("store", "", "must name the store that keeps the ledger");
  c.store = store{setup->completed(c, u)};
  return c;
}

void check_role(const std::string& role) { check_text("role", role, 1, core::largest_text); }

void check_lead_options(const lead_options& o, milliseconds lease) {
  check_within("margin", o.margin, 0ms, lease / 2, ", half the lease");
  check_not_negative("back_off", o.back_off);
  if (o.longest_back_off < o.back_off)
    refuse("longest_back_off", text(o.longest_back_off),
           "must be at least back_off, " + text(o.back_off));
}

void check_metadata(const std::string& metadata) {
  check_text("metadata", metadata, 0, core::largest_metadata);
}

core::settings settings_of(const config& c, arbitration how) {
  return {how,
          c.lease,
          c.heartbeat_period,
          c.barrier_timeout,
          c.lease / 10,
          core::drift{static_cast<std::uint32_t>(std::lround(c.clock_drift * 1e6))}};
}

}  // namespace neli
