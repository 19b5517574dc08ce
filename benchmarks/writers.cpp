// SPDX-License-Identifier: BSL-1.0
#include "store_url.hpp"
#include <neli/neli.hpp>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace json = boost::json;

struct options {
  std::string store, ledger;
  int writers = 1;
  int seconds = 10;
  int lease_ms = 1000;
};

struct noted : neli::observer {
  void appended(neli::clock::duration took) override { took_ns.push_back(took.count()); }
  void append_failed(neli::clock::duration) override { ++failed; }

  std::vector<std::int64_t> took_ns;
  int failed = 0;
};

neli::store store_of(const options& o) {
  const auto url = neli::tools::parse_store_url(o.store);
  if (url.kind == "kafka") return neli::kafka{{{"bootstrap.servers", url.servers}}};
  return neli::tools::store_of(url, {});
}

json::object measure(const options& o) {
  asio::io_context context{1};
  const auto notes = std::make_shared<noted>();
  std::vector<std::unique_ptr<neli::candidate>> all;
  for (int n = 0; n < o.writers; ++n)
    all.push_back(std::make_unique<neli::candidate>(
        context.get_executor(), neli::config{.store = store_of(o),
                                             .ledger = o.ledger,
                                             .role = "role " + std::to_string(n),
                                             .name = "writer " + std::to_string(n),
                                             .lease = std::chrono::milliseconds{o.lease_ms},
                                             .logger = neli::no_logger(),
                                             .observer = notes}));
  const auto leading = [&] {
    return std::count_if(all.begin(), all.end(), [](const auto& c) { return c->is_leader(); });
  };
  // More than a ledger bears never lead all at once.
  const auto long_enough = std::chrono::steady_clock::now() + 20s;
  while (leading() < o.writers && std::chrono::steady_clock::now() < long_enough)
    context.run_for(20ms);
  context.run_for(std::chrono::milliseconds{2 * o.lease_ms});
  notes->took_ns.clear();
  notes->failed = 0;
  context.run_for(std::chrono::seconds{o.seconds});
  return {{"append", json::value_from(notes->took_ns)},
          {"failed", notes->failed},
          {"leading", leading()}};
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Measures how long appends take while so many leaders write into one ledger, each over\n"
      "connections of its own, and prints all samples, in ns, as one line of JSON."};
  options o;
  app.add_option("--store", o.store, "As neli contend takes it")->required();
  app.add_option("--ledger", o.ledger, "The ledger")->required();
  app.add_option("--writers", o.writers, "How many leaders [1]")->check(CLI::PositiveNumber);
  app.add_option("--seconds", o.seconds, "How long [10]")->check(CLI::PositiveNumber);
  app.add_option("--lease-ms", o.lease_ms, "The lease [1000]")->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);
  try {
    std::cout << json::serialize(measure(o)) << "\n";
  } catch (const std::exception& e) {
    std::cerr << "writers: " << e.what() << "\n";
    return 1;
  }
}
