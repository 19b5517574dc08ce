// SPDX-License-Identifier: BSL-1.0
#include "shell/session.hpp"

#include "api/open.hpp"
#include "config/validate.hpp"
#include <neli/error.hpp>
#include <neli/session.hpp>

#include <utility>

namespace neli {

session::session(std::shared_ptr<shell::session> s, std::shared_ptr<const neli::config> c)
    : session_{std::move(s)}, config_{std::move(c)} {
  config_->logger->info("neli: {} opens a session over {}", config_->name,
                        config_->store.setup()->where());
  session_->attach_handle();
  session_->start();
}

session::session(asio::any_io_executor executor, neli::config given) {
  auto made = open(executor, std::move(given), stores::use::contending);
  *this = session{std::move(made.session), std::move(made.config)};
}

session& session::operator=(session&& other) noexcept {
  session taken{std::move(other)};  // whose destructor ends the old one
  taken.session_.swap(session_);
  taken.config_.swap(config_);
  return *this;
}

session::~session() {
  if (session_) session_->detach_handle();
}

session::executor_type session::get_executor() const noexcept { return session_->executor(); }

candidate session::candidate(const std::string& role, barrier_function barrier) {
  check_role(role);
  config_->store.setup()->check_role(role);
  return neli::candidate{session_->contend(role, std::move(barrier))};
}

follower session::follower(const std::string& role) {
  check_role(role);
  return neli::follower{session_->follow(role)};
}

session_status session::status() const { return session_->health().status(); }

void session::update_metadata(std::string metadata) {
  check_metadata(metadata);
  session_->set_metadata(std::move(metadata));
}

void detail::async_close(const std::shared_ptr<shell::session>& s, closed_handler handler) {
  s->close(std::move(handler));
}

}  // namespace neli
