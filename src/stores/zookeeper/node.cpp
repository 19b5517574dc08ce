// SPDX-License-Identifier: BSL-1.0
#include "stores/zookeeper/node.hpp"

#include "stores/zookeeper/errors.hpp"
#include "stores/zookeeper/messages.hpp"
#include "stores/zookeeper/path.hpp"
#include <neli/error.hpp>

#include <boost/asio/dispatch.hpp>
#include <boost/system/system_error.hpp>

#include <utility>
#include <vector>

namespace neli::stores::zookeeper {

namespace {

/// In a coroutine, GCC 12 makes no list of these.
std::vector<request> pair(request a, request b) { return {std::move(a), std::move(b)}; }

}  // namespace

node::node(const asio::any_io_executor& on, settings s, std::string path)
    : on_{on},
      link_{std::make_shared<link>(on, std::move(s))},
      path_{std::move(path)},
      what_{"ZooKeeper node '" + path_ + "'"},
      reading_{link_->how().to_be_refused},
      writing_{link_->how().to_be_refused} {}

/// Which may be called anywhere, but the link is on the executor.
node::~node() {
  asio::dispatch(on_, [l = link_] { l->leave(); });
}

template <class T>
asio::awaitable<T> node::once(asio::awaitable<T> operation, net::refusals& r) {
  try {
    T outcome = co_await std::move(operation);
    r.over();
    co_return outcome;
  } catch (const boost::system::system_error& e) {
    if (is_refusal(e.code()) && r.last()) throw error{errc::not_authorized, e.what()};
    throw;
  }
}

asio::awaitable<register_value> node::load() { return once(load_it(), reading_); }

asio::awaitable<register_swap> node::compare_and_swap(std::string expected, std::string bytes) {
  return once(swap_it(std::move(expected), std::move(bytes)), writing_);
}

asio::awaitable<std::optional<register_value>> node::wait_for_change(std::string version) {
  return once(await_change(std::move(version)), reading_);
}

asio::awaitable<register_value> node::load_it() {
  const auto c = co_await link_->connected();
  co_await catch_up(*c);
  co_return co_await read(*c, false);
}

asio::awaitable<register_swap> node::swap_it(std::string expected, std::string bytes) {
  const auto c = co_await link_->connected();
  if (expected.empty()) co_return co_await create(*c, bytes);
  const auto at = parse_version(expected);
  if (at.mark.empty()) co_return co_await adopt(*c, at, bytes);
  co_return co_await set(*c, at, bytes);
}

asio::awaitable<std::optional<register_value>> node::await_change(std::string version) {
  for (;;) {
    const auto c = co_await link_->connected();
    c->expect_news();
    // What changes after this read is told, so nothing is missed between the two.
    auto now = co_await read(*c, true);
    if (now.version != version) co_return now;
    co_await c->news();
  }
}

asio::awaitable<register_value> node::read(connection& c, bool watch) {
  for (;;) {
    const auto a = co_await c.ask(get(path_, watch));
    if (a.error == code::ok) {
      const auto found = read_value(read_content(a.frame));
      co_return register_value{std::string{found.bytes}, to_string(found.at)};
    }
    if (a.error != code::no_node) fail(a.error, what_);
    if (!watch) co_return register_value{};
    // Only this watches for a node that does not exist.
    const auto e = co_await c.ask(exists(path_, true));
    if (e.error == code::no_node) co_return register_value{};
    if (e.error != code::ok) fail(e.error, what_);
  }
}

/// Makes the server catch up with what a majority has agreed to by now. ZooKeeper's `sync` does
/// not: a leader that has been replaced answers it too, for as long as it does not know that. So
/// this is a write, which changes nothing; whether the node is there does not matter.
asio::awaitable<void> node::catch_up(connection& c) {
  auto nothing = together(std::vector<request>(1, check_exists(path_)));
  const auto a = co_await c.ask(std::move(nothing));
  if (const auto e = read_header(a.frame).error; e != code::ok && e != code::no_node)
    fail(e, what_);
}

asio::awaitable<register_swap> node::create(connection& c, const std::string& bytes) {
  const auto mark = new_mark();
  const auto both = pair(zookeeper::create(path_, marked(mark, bytes), who()),
                         zookeeper::create(of_mark(mark), {}, who()));
  auto o = co_await write(c, both);
  if (o.error == code::no_node) {
    co_await create_above(c);
    o = co_await write(c, both);
  }
  if (o.error == code::node_exists) co_return register_swap{};
  co_return swapped(o, mark);
}

asio::awaitable<register_swap> node::set(connection& c, const version& at,
                                         const std::string& bytes) {
  const auto both =
      pair(check_exists(of_mark(at.mark)), zookeeper::set(path_, marked(at.mark, bytes), at.count));
  const auto o = co_await write(c, both);
  if (o.error != code::no_node) co_return swapped(o, at.mark);
  const auto now = co_await read(c, false);
  if (now.version != to_string(at)) co_return register_swap{false, now};
  // Only the mark is gone.
  co_return co_await adopt(c, at, bytes);
}

/// A node without a mark gets one.
asio::awaitable<register_swap> node::adopt(connection& c, const version& at,
                                           const std::string& bytes) {
  const auto mark = new_mark();
  const auto both = pair(zookeeper::set(path_, marked(mark, bytes), at.count),
                         zookeeper::create(of_mark(mark), {}, who()));
  const auto o = co_await write(c, both);
  co_return swapped(o, mark);
}

asio::awaitable<outcome> node::write(connection& c, std::vector<request> all) {
  const auto a = co_await c.ask(together(all));
  co_return read_outcome(a.frame);
}

register_swap node::swapped(const outcome& o, const std::string& mark) const {
  if (o.error == code::bad_version || o.error == code::no_node) return {};
  if (o.error != code::ok) fail(o.error, what_);
  return {true, register_value{{}, to_string(version{mark, 0, o.version})}};
}

/// From the lowest that is missing up to one that exists, as one may have no rights above that, and
/// down again.
asio::awaitable<void> node::create_above(connection& c) {
  std::vector<std::string> missing;
  for (auto above = parent(path_); !above.empty();) {
    const auto a = co_await c.ask(zookeeper::create(above, {}, who()));
    if (a.error == code::no_node) {
      missing.push_back(above);
      above = parent(above);
    } else if (a.error != code::ok && a.error != code::node_exists) {
      fail(a.error, "ZooKeeper node '" + above + "'");
    } else if (missing.empty()) {
      break;
    } else {
      above = missing.back();
      missing.pop_back();
    }
  }
}

}  // namespace neli::stores::zookeeper
