// SPDX-License-Identifier: BSL-1.0
#include "api/open.hpp"
#include "config/checks.hpp"
#include "config/validate.hpp"
#include "shell/open.hpp"
#include "shell/pulser.hpp"
#include <neli/candidate.hpp>
#include <neli/error.hpp>

#include <utility>

namespace neli {

std::string_view to_string(candidate_state s) noexcept {
  switch (s) {
    case candidate_state::live: return "live";
    case candidate_state::closing: return "closing";
    case candidate_state::closed: return "closed";
  }
  return "?";
}

// --- candidate ---

candidate::candidate(asio::any_io_executor executor, neli::config given, barrier_function barrier) {
  const auto made = open(executor, std::move(given), stores::use::contending);
  candidate_ = shell::contend(made.session, *made.config, std::move(barrier));
}

candidate& candidate::operator=(candidate&& other) noexcept {
  candidate{std::move(other)}.candidate_.swap(candidate_);  // whose destructor ends the old one
  return *this;
}

candidate::~candidate() {
  if (candidate_) candidate_->drop();
}

std::optional<neli::term> candidate::term() const { return candidate_->term(); }
std::optional<leader_info> candidate::leader() const { return candidate_->leader(); }

void candidate::update_metadata(std::string metadata) {
  check_metadata(metadata);
  candidate_->get_session().set_metadata(std::move(metadata));
}

candidate_state candidate::state() const noexcept { return candidate_->state(); }
status candidate::status() const { return candidate_->status(); }
heartbeat_times candidate::heartbeats() const {
  return candidate_->get_session().health().heartbeats();
}
event_stream candidate::events() { return event_stream{candidate_->subscribe()}; }

background_task candidate::background(std::function<asio::awaitable<void>()> task) {
  auto p = std::make_shared<shell::pulser>(candidate_);
  p->start(std::move(task));
  return background_task{std::move(p)};
}

// --- background_task ---

void background_task::close() {
  if (pulser_) pulser_->close();
}

background_task& background_task::operator=(background_task&& other) noexcept {
  background_task{std::move(other)}.pulser_.swap(pulser_);  // whose destructor ends the old one
  return *this;
}

background_task::~background_task() { close(); }

// --- what the templates call ---

namespace detail {

bool leads(const shell::candidate& c) noexcept { return c.leads(); }
const asio::any_io_executor& executor_of(const shell::candidate& c) noexcept {
  return c.executor();
}

void async_pulse(shell::candidate& c, std::optional<clock::duration> timeout,
                 pulse_handler handler) {
  c.pulse(timeout, std::move(handler));
}

void check_stand_back(clock::duration d) {
  check_not_negative("stand_back", std::chrono::floor<std::chrono::milliseconds>(d));
}

void async_resign(const std::shared_ptr<shell::candidate>& c, clock::duration stand_back,
                  closed_handler handler) {
  c->resign(stand_back, std::move(handler));
}

lead_options completed(const shell::candidate& c, lead_options o) {
  const auto lease = c.get_session().settings().lease;
  if (o.margin.count() == 0) o.margin = lease / 10;
  check_lead_options(o, lease);
  return o;
}

void async_lead(const std::shared_ptr<shell::candidate>& c, leader_task task, lead_options options,
                closed_handler handler) {
  c->lead(std::move(task), options, std::move(handler));
}

void async_close(const std::shared_ptr<shell::candidate>& c, closed_handler handler) {
  c->close(std::move(handler));
}

void async_wait_closed(const std::shared_ptr<shell::candidate>& c, closed_handler handler) {
  c->wait_closed(std::move(handler));
}

void async_wait_closed(const std::shared_ptr<shell::pulser>& p, done_handler handler) {
  p->wait_closed(std::move(handler));
}

}  // namespace detail

}  // namespace neli
