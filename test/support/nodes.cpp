// SPDX-License-Identifier: BSL-1.0
#include "support/nodes.hpp"

#include <boost/asio/read_until.hpp>
#include <boost/test/unit_test.hpp>

#include <signal.h>

#include <algorithm>
#include <charconv>
#include <istream>
#include <sstream>
#include <stdexcept>

namespace neli::test {

namespace process = boost::process;
using namespace std::chrono_literals;

std::uint64_t fact::number(std::size_t n) const {
  std::istringstream words{detail};
  std::uint64_t value = 0;
  for (std::string word; words >> word && n-- != static_cast<std::size_t>(-1);)
    std::from_chars(word.data(), word.data() + word.size(), value);
  return value;
}

std::int64_t nodes::now_ns() {
  return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds{1};
}

void nodes::start(const std::string& name, const std::vector<std::string>& options) {
  mark();
  auto made = std::make_unique<node>(context_);
  std::vector<std::string> words{"contend", "--name", name};
  words.insert(words.end(), options_.begin(), options_.end());
  words.insert(words.end(), options.begin(), options.end());
  made->process = process::child{NELI_TOOL, process::args = words, process::std_out > made->out,
                                 process::std_in < process::null};
  read(*made);
  if (auto& old = nodes_[name]) gone_.push_back(std::move(old));
  nodes_[name] = std::move(made);
  killed_.erase(name);
}

void nodes::read(node& n) {
  boost::asio::async_read_until(n.out, n.text, '\n',
                                [this, &n](boost::system::error_code ec, std::size_t) {
                                  if (ec) return;
                                  std::istream lines{&n.text};
                                  std::string line;
                                  std::getline(lines, line);
                                  std::istringstream words{line};
                                  fact f;
                                  words >> f.ns >> f.name >> f.what;
                                  std::getline(words >> std::ws, f.detail);
                                  BOOST_TEST_MESSAGE(line);
                                  said_.push_back(std::move(f));
                                  read(n);
                                });
}

void nodes::signal(const std::string& name, int s) {
  mark();
  ::kill(nodes_.at(name)->process.id(), s);
}

void nodes::close(const std::string& name) {
  signal(name, SIGTERM);
  BOOST_TEST(wait_for_end(name) == 0);
}

void nodes::kill(const std::string& name) {
  killed_[name] = now_ns();
  signal(name, SIGKILL);
  wait_for_end(name);
}

int nodes::wait_for_end(const std::string& name, milliseconds within) {
  auto& n = *nodes_.at(name);
  BOOST_REQUIRE_MESSAGE(run_until([&] { return !n.process.running(); }, within),
                        name << " does not end");
  run_for(10ms);  // for its last words
  return n.process.exit_code();
}

void nodes::run_for(milliseconds t) {
  run_until([] { return false; }, t);
}

bool nodes::run_until(const std::function<bool()>& done, milliseconds within) {
  const auto end = std::chrono::steady_clock::now() + within;
  while (!done()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    context_.restart();
    context_.run_for(5ms);
  }
  return true;
}

fact nodes::expect_if(const std::function<bool(const fact&)>& fits, const std::string& description,
                      milliseconds within) {
  std::size_t seen = 0;
  std::optional<fact> found;
  run_until(
      [&] {
        for (; seen < said_.size() && !found; ++seen)
          if (said_[seen].ns > mark_ && fits(said_[seen])) found = said_[seen];
        return found.has_value();
      },
      within);
  BOOST_REQUIRE_MESSAGE(found,
                        "nobody said " << description << " within " << within.count() << " ms");
  return *found;
}

fact nodes::expect(const std::string& what, milliseconds within) {
  return expect_if([&](const fact& f) { return f.what == what; }, what, within);
}

fact nodes::expect_of(const std::string& name, const std::string& what, milliseconds within) {
  return expect_if([&](const fact& f) { return f.name == name && f.what == what; },
                   name + " " + what, within);
}

fact nodes::leader(milliseconds within) {
  std::optional<fact> leader;
  run_until(
      [&] {
        leader.reset();
        for (const auto& f : said_) {
          if (f.what == "LEAD") leader = f;
          const bool over = f.what == "NOLEAD" || f.what == "CLOSING" || f.what == "REVOKED" ||
                            f.what == "FENCED";
          if (leader && leader->name == f.name && over) leader.reset();
        }
        if (leader && killed_.contains(leader->name)) leader.reset();
        return leader.has_value();
      },
      within);
  BOOST_REQUIRE_MESSAGE(leader, "nobody leads within " << within.count() << " ms");
  return *leader;
}

std::size_t nodes::count(const std::string& what) const {
  return static_cast<std::size_t>(
      std::count_if(said_.begin(), said_.end(), [&](const fact& f) { return f.what == what; }));
}

std::optional<fact> nodes::last(const std::string& name, const std::string& what) const {
  const auto found = std::find_if(said_.rbegin(), said_.rend(),
                                  [&](const fact& f) { return f.name == name && f.what == what; });
  return found == said_.rend() ? std::nullopt : std::optional{*found};
}

nodes::~nodes() {
  for (auto& [name, n] : nodes_) {
    if (!n->process.running()) continue;
    ::kill(n->process.id(), SIGCONT);
    ::kill(n->process.id(), SIGTERM);
  }
  run_until(
      [&] {
        return std::none_of(nodes_.begin(), nodes_.end(),
                            [](auto& n) { return n.second->process.running(); });
      },
      20s);
  run_for(20ms);
  for (auto& [name, n] : nodes_) n->process.terminate();
  check_promises();
}

/// From when to when a node was seen to say "I lead"; and the terms in the order they began.
void nodes::check_promises() const {
  struct interval {
    std::int64_t from, to;
    std::string who;
  };
  std::vector<interval> led;
  for (const auto& f : said_)
    if (f.what == "NOLEAD")
      led.push_back(
          {static_cast<std::int64_t>(f.number(0)), static_cast<std::int64_t>(f.number(1)), f.name});
  // One that was killed could say no more when it stopped; it had said when it began.
  for (const auto& [name, when] : killed_)
    if (const auto began = last(name, "LEAD")) {
      const auto ended = last(name, "NOLEAD");
      if (!ended || ended->ns < began->ns) led.push_back({began->ns, when, name});
    }
  std::sort(led.begin(), led.end(), [](const auto& a, const auto& b) { return a.from < b.from; });
  for (std::size_t i = 1; i < led.size(); ++i)
    BOOST_TEST(led[i - 1].to < led[i].from, led[i - 1].who
                                                << " and " << led[i].who << " led at once, for "
                                                << (led[i - 1].to - led[i].from) / 1000 << " us");

  std::vector<fact> terms;
  for (const auto& f : said_)
    if (f.what == "ACQUIRED") terms.push_back(f);
  std::sort(terms.begin(), terms.end(), [](const auto& a, const auto& b) { return a.ns < b.ns; });
  for (std::size_t i = 1; i < terms.size(); ++i)
    BOOST_TEST(terms[i - 1].number() < terms[i].number(),
               "the term did not grow from " << terms[i - 1].name << " to " << terms[i].name);
}

}  // namespace neli::test
