// SPDX-License-Identifier: BSL-1.0
// The least time that a hand-over over Kafka can take: the same appends and readings without neli.
#include "create_topic.hpp"
#include "plain_kafka.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using namespace neli::benchmarks;
using steady = std::chrono::steady_clock;

struct options {
  std::string servers;
  std::string topic;
  int count = 100;
  std::size_t bytes = 200;
  std::vector<std::string> properties;
};

properties properties_of(const options& o) {
  properties p{{"bootstrap.servers", o.servers}};
  for (const auto& one : o.properties) {
    const auto at = one.find('=');
    p[one.substr(0, at)] = one.substr(at + 1);
  }
  return p;
}

/// A record that differs from all others.
std::string record(const options& o) {
  static std::uint64_t n = 0;
  auto text = std::to_string(++n) + " ";
  text.resize(std::max(text.size(), o.bytes), 'x');
  return text;
}

template <class F>
json::array samples(const options& o, F once) {
  static std::mt19937 random{1};
  json::array all;
  // The first ones do not count, as they also look for the broker.
  for (int i = -5; i < o.count; ++i) {
    std::this_thread::sleep_for(std::chrono::microseconds{20'000 + random() % 10'000});
    const auto start = steady::now();
    once();
    const auto took = std::chrono::nanoseconds{steady::now() - start}.count();
    if (i >= 0) all.push_back(took);
  }
  return all;
}

json::object measure(const options& o) {
  const auto p = properties_of(o);
  create_topic(o.servers, o.topic);
  producer leader{p, o.topic};
  // By this the topic's partition has a leader, too.
  leader.append(record(o));
  leader.await_reports();
  producer successor{p, o.topic};
  reader reads{p, o.topic};
  json::object result;
  result["append"] = samples(o, [&] {
    leader.append(record(o));
    leader.await_reports();
  });
  result["append and read"] = samples(o, [&] {
    const auto r = record(o);
    leader.append(r);
    reads.await(r);
  });
  result["hand-over"] = samples(o, [&] {
    const auto release = record(o);
    leader.append(release);
    reads.await(release);
    const auto claim = record(o);
    successor.append(claim);
    reads.await(claim);
  });
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Measures what a hand-over over Kafka cannot be faster than, with plain librdkafka, and "
      "prints\n"
      "all samples, in ns, as one line of JSON. \"append\": until its report (acks=all, linger "
      "0);\n"
      "\"append and read\": until another client has read it; \"hand-over\": a release until the\n"
      "successor has read it and, after it, its own claim."};
  options o;
  app.add_option("--servers", o.servers, "Kafka's bootstrap servers, host:port,...")->required();
  app.add_option("--topic", o.topic, "Made if it is absent")->required();
  app.add_option("--count", o.count, "Samples of each [100]")->check(CLI::PositiveNumber);
  app.add_option("--bytes", o.bytes, "Of a record [200]");
  app.add_option("--property", o.properties, "Of librdkafka's, KEY=VALUE; repeatable")
      ->check([](const std::string& p) {
        return p.find('=') == std::string::npos ? "'" + p + "' is not KEY=VALUE" : std::string{};
      });
  CLI11_PARSE(app, argc, argv);
  try {
    std::cout << json::serialize(measure(o)) << "\n";
  } catch (const std::exception& e) {
    std::cerr << "limits: " << e.what() << "\n";
    return 1;
  }
}
