// SPDX-License-Identifier: BSL-1.0
#include "fleet.hpp"

#include "facts.hpp"

#include <boost/asio/read_until.hpp>

#include <signal.h>

#include <algorithm>
#include <charconv>
#include <istream>
#include <sstream>
#include <stdexcept>
#include <tuple>

namespace neli::tools {

namespace process = boost::process;
using namespace std::chrono_literals;

std::uint64_t fact::number(std::size_t n) const {
  std::istringstream words{detail};
  std::uint64_t value = 0;
  for (std::string word; words >> word && n-- != static_cast<std::size_t>(-1);)
    std::from_chars(word.data(), word.data() + word.size(), value);
  return value;
}

fleet::fleet(std::string program, std::vector<std::string> subcommand, on_fact tell)
    : program_{std::move(program)}, subcommand_{std::move(subcommand)}, tell_{std::move(tell)} {}

fleet::~fleet() {
  for (auto& [name, n] : nodes_) {
    std::error_code ignored;
    n->process.terminate(ignored);
  }
}

void fleet::mark() { mark_ = now_ns(); }

fleet::node& fleet::at(const std::string& name) { return *nodes_.at(name); }

void fleet::start(const std::string& name, const std::vector<std::string>& options) {
  mark();
  auto made = std::make_unique<node>(context_);
  auto words = subcommand_;
  words.insert(words.end(), {"--name", name});
  words.insert(words.end(), options.begin(), options.end());
  made->process = process::child{program_, process::args = words, process::std_out > made->out,
                                 process::std_in < process::null};
  read(*made);
  if (auto& old = nodes_[name]) gone_.push_back(std::move(old));
  nodes_[name] = std::move(made);
}

void fleet::read(node& n) {
  boost::asio::async_read_until(n.out, n.text, '\n',
                                [this, &n](boost::system::error_code ec, std::size_t) {
                                  if (ec) {
                                    n.all_read = true;
                                    return;
                                  }
                                  std::istream lines{&n.text};
                                  std::string line;
                                  std::getline(lines, line);
                                  std::istringstream words{line};
                                  fact f;
                                  words >> f.ns >> f.name >> f.what;
                                  std::getline(words >> std::ws, f.detail);
                                  if (const auto at = f.name.find('/'); at != f.name.npos) {
                                    f.role = f.name.substr(at + 1);
                                    f.name.resize(at);
                                  }
                                  said_.push_back(f);
                                  if (tell_) tell_(f);
                                  read(n);
                                });
}

void fleet::signal(const std::string& name, int s) {
  mark();
  ::kill(at(name).process.id(), s);
}

void fleet::close(const std::string& name) {
  signal(name, SIGTERM);
  if (const int status = wait_for_end(name); status != 0)
    throw std::runtime_error{name + " ended with status " + std::to_string(status)};
}

void fleet::kill(const std::string& name) {
  const auto when = now_ns();
  signal(name, SIGKILL);
  wait_for_end(name);
  // It could say no more when it stopped leading; it had said when it began.
  std::map<std::string, std::int64_t> began;
  for (const auto& f : said_) {
    if (f.name != name) continue;
    if (f.what == "STARTED") began.clear();
    if (f.what == "LEAD") began[f.role] = f.ns;
    if (f.what == "NOLEAD") began.erase(f.role);
  }
  for (const auto& [role, since] : began)
    killed_while_leading_.push_back({role, since, when, name});
}

int fleet::wait_for_end(const std::string& name, milliseconds within) {
  auto& n = at(name);
  if (!run_until([&] { return !n.process.running(); }, within))
    throw silence{name + " does not end within " + std::to_string(within.count()) + " ms"};
  run_until([&] { return n.all_read; }, minute);
  return n.process.exit_code();
}

void fleet::run_for(milliseconds t) {
  run_until([] { return false; }, t);
}

bool fleet::run_until(const std::function<bool()>& done, milliseconds within) {
  const auto end = std::chrono::steady_clock::now() + within;
  while (!done()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    context_.restart();
    context_.run_for(5ms);
  }
  return true;
}

fact fleet::expect_if(const std::function<bool(const fact&)>& fits, const std::string& description,
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
  if (!found)
    throw silence{"nobody said " + description + " within " + std::to_string(within.count()) +
                  " ms"};
  return *found;
}

fact fleet::expect(const std::string& what, milliseconds within) {
  return expect_if([&](const fact& f) { return f.what == what; }, what, within);
}

fact fleet::expect_of(const std::string& name, const std::string& what, milliseconds within) {
  return expect_if([&](const fact& f) { return f.name == name && f.what == what; },
                   name + " " + what, within);
}

fact fleet::expect_of(const std::string& name, const std::string& what, const std::string& detail,
                      milliseconds within) {
  return expect_if(
      [&](const fact& f) { return f.name == name && f.what == what && f.detail == detail; },
      name + " " + what + " " + detail, within);
}

std::map<std::string, fact> fleet::leaders() {
  std::map<std::string, fact> led;
  for (const auto& f : said_) {
    if (f.what == "LEAD") led[f.role] = f;
    const bool over = f.what == "NOLEAD" || f.what == "CLOSING" || f.what == "REVOKED" ||
                      f.what == "FENCED" || f.what == "STARTED" || f.what == "ENDED";
    if (over)
      std::erase_if(led, [&](const auto& l) {
        return l.second.name == f.name && (f.role.empty() || l.first == f.role);
      });
  }
  std::erase_if(led, [this](const auto& l) { return !at(l.second.name).process.running(); });
  return led;
}

std::map<std::string, fact> fleet::leaders(std::size_t roles, milliseconds within) {
  std::map<std::string, fact> led;
  if (!run_until([&] { return (led = leaders()).size() == roles; }, within))
    throw silence{std::to_string(led.size()) + " of " + std::to_string(roles) +
                  " roles are led within " + std::to_string(within.count()) + " ms"};
  return led;
}

fact fleet::leader(milliseconds within) { return leaders(1, within).begin()->second; }

std::size_t fleet::count(const std::string& what) const {
  return static_cast<std::size_t>(
      std::count_if(said_.begin(), said_.end(), [&](const fact& f) { return f.what == what; }));
}

std::optional<fact> fleet::last(const std::string& name, const std::string& what) const {
  const auto found = std::find_if(said_.rbegin(), said_.rend(),
                                  [&](const fact& f) { return f.name == name && f.what == what; });
  return found == said_.rend() ? std::nullopt : std::optional{*found};
}

void fleet::end() {
  for (auto& [name, n] : nodes_) {
    if (!n->process.running()) continue;
    ::kill(n->process.id(), SIGCONT);
    ::kill(n->process.id(), SIGTERM);
  }
  run_until(
      [&] {
        return std::all_of(nodes_.begin(), nodes_.end(), [](auto& n) {
          return n.second->all_read && !n.second->process.running();
        });
      },
      2 * minute);
}

std::vector<fleet::interval> fleet::led() const {
  auto led = killed_while_leading_;
  for (const auto& f : said_)
    if (f.what == "NOLEAD")
      led.push_back({f.role, static_cast<std::int64_t>(f.number(0)),
                     static_cast<std::int64_t>(f.number(1)), f.name});
  std::sort(led.begin(), led.end(), [](const auto& a, const auto& b) {
    return std::tie(a.role, a.from) < std::tie(b.role, b.from);
  });
  return led;
}

std::vector<std::string> fleet::broken_promises() const {
  std::vector<std::string> broken;
  const auto intervals = led();
  for (std::size_t i = 1; i < intervals.size(); ++i) {
    const auto& before = intervals[i - 1];
    const auto& after = intervals[i];
    const auto overlap = before.to - after.from;
    if (before.role == after.role && overlap >= 0)
      broken.push_back(before.who + " and " + after.who + " led " + after.role + " at once, for " +
                       std::to_string(overlap / 1000) + " us");
  }

  std::vector<fact> terms;
  for (const auto& f : said_)
    if (f.what == "ACQUIRED") terms.push_back(f);
  std::sort(terms.begin(), terms.end(), [](const auto& a, const auto& b) {
    return std::tie(a.role, a.ns) < std::tie(b.role, b.ns);
  });
  for (std::size_t i = 1; i < terms.size(); ++i)
    if (terms[i - 1].role == terms[i].role && terms[i - 1].number() >= terms[i].number())
      broken.push_back("the term of " + terms[i].role + " did not grow from " + terms[i - 1].name +
                       " to " + terms[i].name);
  return broken;
}

}  // namespace neli::tools
