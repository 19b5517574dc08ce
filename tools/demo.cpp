// SPDX-License-Identifier: BSL-1.0
#include "demo.hpp"

#include "facts.hpp"
#include "fleet.hpp"
#include "store_url.hpp"
#include <neli/testing/embedded_broker.hpp>

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace neli::tools {

namespace {

using namespace std::chrono_literals;

struct demo_options {
  std::string store;  ///< a URL; empty: an embedded stand-in for Kafka
  int nodes = 3;
  std::string arbitration = "both";
};

std::string seconds(std::int64_t ns) {
  std::ostringstream text;
  text.precision(ns < 1'000'000'000 ? 0 : 1);
  text << std::fixed;
  if (ns < 1'000'000'000)
    text << static_cast<double>(ns) / 1e6 << " ms";
  else
    text << static_cast<double>(ns) / 1e9 << " s";
  return text.str();
}

/// Prints what happens in plain words, in colour on a terminal.
class commentator {
 public:
  void act(const std::string& title) { line("\n" + paint("1", title)); }
  void say(const std::string& what) { line("         " + what); }
  void result(const std::string& what) { line("      " + paint("1;32", "=> ") + paint("1", what)); }
  void failure(const std::string& what) { line("      " + paint("1;31", "=> " + what)); }

  void tell(const fact& f) {
    const auto words = in_words(f);
    if (words.empty()) return;
    std::ostringstream when;
    when.precision(3);
    when << std::fixed;
    when.width(8);
    when << static_cast<double>(f.ns - start_) / 1e9;
    line(when.str() + " " + paint(colour_of(f.name), f.name) + " " + words);
  }

 private:
  std::string in_words(const fact& f) const {
    const auto term = "term " + std::to_string(f.number());
    if (f.what == "STARTED") return "starts as a candidate";
    if (f.what == "LEAD") return paint("1;32", "leads") + ", " + term;
    if (f.what == "REVOKED") return "is asked to hand over, and does what has to be done before";
    if (f.what == "FENCED") return paint("1;31", "is fenced") + ": " + after_first_word(f.detail);
    if (f.what == "CLOSED") return "has left" + (f.detail.empty() ? "" : ": " + f.detail);
    if (f.what == "TROUBLE" || f.what == "WELL") return f.detail;
    if (f.what == "RESUMED")
      return "was stopped for " + seconds(static_cast<std::int64_t>(f.number(0)) * 1'000'000) +
             " and was asked 1000 times whether it leads: " + std::to_string(f.number(1)) +
             " times yes";
    return {};
  }

  /// The detail of a fact without its first word, the term.
  static std::string after_first_word(const std::string& text) {
    return text.substr(std::min(text.find(' '), text.size() - 1) + 1);
  }

  std::string colour_of(const std::string& name) const {
    return std::to_string(33 + (name.back() - '0') % 4);
  }
  std::string paint(const std::string& code, const std::string& text) const {
    return colour_ ? "\x1b[" + code + "m" + text + "\x1b[0m" : text;
  }
  static void line(const std::string& text) { std::cout << text << std::endl; }

  const bool colour_ = ::isatty(STDOUT_FILENO) && !std::getenv("NO_COLOR");
  const std::int64_t start_ = now_ns();
};

class demo {
 public:
  demo(const demo_options& o, std::string arbitration)
      : count_{o.nodes},
        arbitration_{std::move(arbitration)},
        ledger_{"neli-demo-" + arbitration_ + "-" + std::to_string(::getpid())},
        store_{o.store.empty() ? embed() : o.store},
        nodes_{std::filesystem::read_symlink("/proc/self/exe"), contend(),
               [this](const fact& f) { commentator_.tell(f); }} {}

  /// Whether all went well.
  bool run() {
    try {
      introduce();
      start();
      hand_over();
      crash();
      pause();
    } catch (const std::exception& e) {
      commentator_.failure(e.what());
      failed_ = true;
    }
    finish();
    return !failed_;
  }

 private:
  std::vector<std::string> contend() {
    std::vector<std::string> words{"contend", "--store",       store_,      "--ledger",
                                   ledger_,   "--arbitration", arbitration_};
    if (!broker_) return words;
    // Shorter than the defaults, as the stand-in does not support rebalances as long as Kafka's may
    // be. The session is longer than its first rebalance, which takes three seconds: it forgets
    // members whose session ends meanwhile, and then answers none of them any more.
    words.insert(words.end(), {"--lease-ms", "1000", "--session-ms", "3500"});
    broker_->create_topic(ledger_);
    for (const auto& [key, value] : broker_->store().properties) {
      words.emplace_back("--property");
      words.push_back(std::string{key}.append("=").append(value));
    }
    return words;
  }

  std::string store_without_password() const {
    const auto at = store_.rfind('@');
    if (at == std::string::npos) return store_;
    return store_.substr(0, store_.find("://") + 3) + store_.substr(at + 1);
  }

  std::string embed() {
    broker_.emplace();
    return "kafka://" + broker_->bootstrap_servers();
  }

  void introduce() {
    commentator_.act(in_group() ? "A consumer group says whose turn it is."
                                : "The processes decide among themselves, through the ledger.");
    commentator_.say(std::to_string(count_) + " processes, of which one at a time may lead, on " +
                     (broker_ ? "an embedded stand-in for Kafka" : store_without_password()) +
                     ", ledger '" + ledger_ + "'.");
    const std::string lease = broker_ ? "1 s" : "3 s, neli's default";
    const std::string session = broker_ ? "3.5 s" : "6 s, neli's default";
    commentator_.say("The lease is " + lease +
                     (in_group() ? "; the group's session is " + session : "") + ".");
    commentator_.say("Seconds since the beginning are on the left.");
  }

  void start() {
    commentator_.act(in_group()
                         ? "1. They start. Kafka waits three seconds for a new group's members."
                         : "1. They start. The ledger is new: they wait a lease, as an unseen "
                           "leader may exist.");
    const auto since = now_ns();
    for (int i = 1; i <= count_; ++i) nodes_.start("node-" + std::to_string(i));
    const auto first = nodes_.leader();
    commentator_.result(first.name + " leads " + seconds(first.ns - since) +
                        " after the processes' start.");
    settle();
  }

  void hand_over() {
    const auto old = nodes_.leader();
    commentator_.act("2. " + old.name + ", which leads, is told to go (SIGTERM).");
    const auto since = now_ns();
    nodes_.signal(old.name, SIGTERM);
    const auto next = nodes_.expect("LEAD");
    commentator_.result(next.name + " leads " + seconds(next.ns - since) +
                        " later: leadership was handed over.");
    nodes_.wait_for_end(old.name);
    come_back(old.name);
  }

  void crash() {
    const auto old = nodes_.leader();
    commentator_.act(
        "3. " + old.name + " crashes (SIGKILL). " +
        (in_group() ? "Kafka takes a while to be sure of it." : "Its lease has to pass."));
    const auto since = now_ns();
    nodes_.kill(old.name);
    const auto next = nodes_.expect("LEAD");
    commentator_.result(next.name + " leads " + seconds(next.ns - since) + " later.");
    come_back(old.name);
  }

  void pause() {
    const auto old = nodes_.leader();
    commentator_.act("4. " + old.name +
                     " is stopped (SIGSTOP), as a busy or suspended machine may be.");
    const auto since = now_ns();
    nodes_.signal(old.name, SIGSTOP);
    const auto next = nodes_.expect("LEAD");
    commentator_.result(next.name + " leads " + seconds(next.ns - since) + " later.");
    commentator_.say("Now " + old.name + " goes on (SIGCONT), not knowing that it was stopped.");
    nodes_.signal(old.name, SIGCONT);
    const auto resumed = nodes_.expect_of(old.name, "RESUMED");
    if (resumed.number(1) != 0)
      throw std::runtime_error{old.name + " said \"I lead\" while " + next.name + " led"};
    commentator_.result("From its first answer on, " + old.name + " said \"not leader\".");
    settle();
  }

  void come_back(const std::string& name) {
    nodes_.start(name);
    nodes_.expect_of(name, "LEADER");
    settle();
  }

  void settle() { nodes_.run_for(1500ms); }

  void finish() {
    commentator_.act("5. They leave.");
    nodes_.end();
    const auto broken = nodes_.broken_promises();
    for (const auto& b : broken) commentator_.failure(b);
    failed_ = failed_ || !broken.empty();
    if (!failed_)
      commentator_.result("No two led at once, and every term was larger than the one before.");
  }

  bool in_group() const { return arbitration_ == "group"; }

  const int count_;
  const std::string arbitration_;
  const std::string ledger_;
  std::optional<testing::embedded_broker> broker_;
  const std::string store_;
  commentator commentator_;
  fleet nodes_;
  bool failed_ = false;
};

int run(const demo_options& o) {
  const bool has_groups = o.store.empty() || parse_store_url(o.store).kind == "kafka";
  bool well = true;
  for (const std::string arbitration : {"ledger", "group"})
    if (o.arbitration == arbitration ||
        (o.arbitration == "both" && (has_groups || arbitration == "ledger")))
      well = well && demo{o, arbitration}.run();
  return well ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

void add_demo(CLI::App& app) {
  auto o = std::make_shared<demo_options>();
  auto* c = app.add_subcommand(
      "demo",
      "Show in about a minute who leads while processes leave, crash and are paused.\n"
      "Exit status 0, or 1 if two ever led at once or no candidate came to lead.");
  auto* where = c->add_option_group("store");
  where->add_option("--store", o->store,
                    "kafka://, etcd://, consul:// or zookeeper:// and HOST:PORT,...\n"
                    "[an embedded stand-in for Kafka]");
  where->add_option_function<std::string>(
      "--brokers", [o](const std::string& b) { o->store = "kafka://" + b; },
      "Short for --store kafka://HOST:PORT,...");
  where->require_option(0, 1);
  c->add_option("--nodes", o->nodes, "How many candidates")
      ->check(CLI::Range(2, 9))
      ->capture_default_str();
  c->add_option("--arbitration", o->arbitration, "group, which only Kafka has, ledger or both")
      ->check(CLI::IsMember({"group", "ledger", "both"}))
      ->capture_default_str();
  c->callback([o] { std::exit(run(*o)); });
}

}  // namespace neli::tools
