// SPDX-License-Identifier: BSL-1.0
#include "guard/link.hpp"

#include "guard/channel.hpp"
#include "guard/evidence.hpp"
#include "guard/memory.hpp"
#include "guard/process.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/errc.hpp>

#include <algorithm>
#include <cstddef>
#include <system_error>
#include <utility>
#include <vector>

namespace neli::guards {

using namespace std::chrono_literals;
using boost::system::error_code;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds first_delay = 1s;
constexpr milliseconds longest_delay = 1min;
constexpr milliseconds ready_within = 10s;
constexpr std::ptrdiff_t messages_per_packet = 50;  ///< fit it, however long their texts are

}  // namespace

link::link(const strand& s, guard how, hello h, on_trouble t)
    : strand_{s},
      how_{std::move(how)},
      hello_{std::move(h)},
      trouble_{std::move(t)},
      socket_{s},
      timer_{s},
      delay_{first_delay} {}

template <class F>
auto link::while_alive(F f) const {
  return [weak = std::weak_ptr{alive_}, f = std::move(f)](auto&&... args) {
    if (!weak.expired()) f(std::forward<decltype(args)>(args)...);
  };
}

void link::start() {
  asio::post(strand_, while_alive([this] { connect(); }));
}

void link::stop() {
  alive_.reset();
  error_code ignored;
  socket_.close(ignored);
  timer_.cancel();
}

descriptor link::reach() const {
  if (!how_.socket.empty()) return connect_to(how_.socket);
  auto [mine, theirs] = make_channel();
  start_apart(how_.command, theirs.get());
  return std::move(mine);
}

void link::connect() {
  try {
    if (how_.free_memory_later) free_memory_later();
    const auto& evidence = evidence_of_this_process();
    socket_.assign(reach().release());
    std::vector<int> descriptors{evidence.pidfd.get()};
    if (how_.children)
      descriptors.push_back(how_.lifeline < 0 ? evidence.pipe.get() : how_.lifeline);
    if (const auto e = send(socket_.native_handle(), {hello_}, descriptors))
      throw std::system_error{e.value(), std::system_category(), "sendmsg"};
  } catch (const std::system_error& e) {
    return lose({e.code().value(), boost::system::system_category()},
                (how_.socket.empty() ? "it cannot be started: " : "it cannot be reached: ") +
                    std::string{e.what()});
  }
  wake_after(std::max(ready_within, hello_.lease), &link::is_late);
  listen();
  tell_all();
}

// --- what it tells ---

void link::claims(const std::vector<claimed>& all) {
  for (const auto& c : all) terms_[c.role] = c;
  tell({all.begin(), all.end()});
}

void link::released(const ended& e) {
  const auto known = terms_.find(e.role);
  if (known == terms_.end() || known->second.term != e.term) return;
  terms_.erase(known);
  tell({e});
}

void link::tell(const messages& all) {
  // What it is not told now it is told later, if that is still so.
  error_code e;
  for (auto from = all.begin(); from != all.end() && !e;) {
    if (!socket_.is_open() || full_) return;
    const auto to = from + std::min(all.end() - from, messages_per_packet);
    e = send(socket_.native_handle(), {from, to});
    from = to;
  }
  if (!e) return;
  if (e != boost::system::errc::resource_unavailable_try_again)
    return asio::post(strand_,
                      while_alive([this, e] { lose(e, "it cannot be told: " + e.message()); }));
  full_ = true;
  asio::post(strand_, while_alive([this, e] { report(e, "it does not take what it is told"); }));
  socket_.async_wait(asio::posix::descriptor_base::wait_write, while_alive([this](error_code ec) {
                       if (!ec) take_up_again();
                     }));
}

void link::take_up_again() {
  full_ = false;
  tell_all();
  if (!full_ && well_) report({}, "it takes what it is told");
}

void link::tell_all() {
  messages all;
  for (const auto& [role, c] : terms_) all.emplace_back(c);
  tell(all);
}

// --- what it hears ---

void link::listen() {
  socket_.async_wait(asio::posix::descriptor_base::wait_read, while_alive([this](error_code ec) {
                       if (!ec) hear();
                     }));
}

void link::hear() {
  while (const auto p = receive(socket_.native_handle())) {
    if (p->closed) return lose(asio::error::eof, "it has ended");
    for (const auto& m : p->messages) hear(m);
  }
  listen();
}

void link::hear(const message& m) {
  timer_.cancel();
  if (const auto* u = std::get_if<unwell>(&m)) {
    well_ = false;
    report(make_error_code(boost::system::errc::io_error), u->what);
  } else if (std::holds_alternative<well>(m)) {
    well_ = true;
    delay_ = first_delay;
    if (!full_) report({}, "it is ready");
  }
}

void link::is_late() {
  if (!well_ && told_.empty()) report(asio::error::timed_out, "it has not become ready");
}

void link::lose(error_code e, const std::string& why) {
  error_code ignored;
  socket_.close(ignored);
  well_ = full_ = false;
  report(e, why);
  wake_after(delay_, &link::connect);
  delay_ = std::min(2 * delay_, longest_delay);
}

void link::report(error_code e, const std::string& what) {
  // The same is told once, however often it is tried again.
  if (e ? what == told_ : told_.empty()) return;
  told_ = e ? what : "";
  trouble_(e, "the guard: " + what);
}

void link::wake_after(milliseconds t, void (link::*what)()) {
  timer_.expires_after(t);
  timer_.async_wait(while_alive([this, what](error_code ec) {
    if (!ec) (this->*what)();
  }));
}

}  // namespace neli::guards
