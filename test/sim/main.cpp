// SPDX-License-Identifier: BSL-1.0
#include "sim/world.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <string_view>

using namespace neli;

namespace {

struct options {
  std::uint64_t seed = 1;
  std::uint64_t count = 100;
  std::string make = "core";
  std::string rule = "ledger";
  std::string store = "log";
  std::string broken;
  std::string until;
  bool transcript = false;
  std::filesystem::path traces;
};

const std::map<std::string, sim::make> makes{
    {"core", sim::make::core}, {"shell", sim::make::shell}, {"mixed", sim::make::mixed}};
const std::map<std::string, sim::rule> rules{
    {"ledger", sim::rule::ledger}, {"group", sim::rule::group}, {"mixed", sim::rule::mixed}};

const std::map<std::string, sim::keeper> keepers{{"log", sim::keeper::log},
                                                 {"register", sim::keeper::cell}};

struct broken {
  std::string what;
  std::function<void(sim::plan&)> how;
};
/// The names of --break.
const std::map<std::string, broken> assumptions{
    {"clocks", {"rates differ by half", [](auto& p) { p.assumptions.rates_apart = 0.5; }}},
    {"log",
     {"acknowledged records are lost", [](auto& p) { p.assumptions.acknowledged_lost = 0.5; }}},
    {"retention",
     {"records vanish within a lease",
      [](auto& p) {
        p.faults.truncate = 2;
        p.assumptions.records_stay = false;
      }}},
    {"backup",
     {"a register is restored within a lease",
      [](auto& p) {
        p.faults.restore = 1;
        p.assumptions.restored_after_a_lease = false;
      }}},
    {"proof",
     {"a guard takes a process that is paused for dead",
      [](auto& p) {
        p.faults.pause = 0.5;
        p.assumptions.death_is_proved = false;
      }}},
    {"topic",
     {"made anew, unnoticed by a process that was paused",
      [](auto& p) {
        p.faults.recreate = 0.5;
        p.faults.pause = 0.5;
        p.faults.noise = 10;
        p.assumptions.new_ledger_is_noticed = false;
      }}},
};

std::string names_of_assumptions() {
  std::string all = "An assumption of docs/guarantees.md that does not hold:";
  for (const auto& [name, b] : assumptions) all += "\n  " + name + ": " + b.what;
  return all;
}

std::string rerun(const options& o, std::uint64_t seed) {
  return "neli_sim --make " + o.make + " --arbitration " + o.rule + " --seed " +
         std::to_string(seed) + " --count 1 --transcript" +
         (o.store == "log" ? "" : " --store " + o.store) +
         (o.broken.empty() ? "" : " --break " + o.broken);
}

std::filesystem::path folder_for(const options& o, std::uint64_t seed) {
  if (o.traces.empty()) return {};
  auto made = o.traces / std::to_string(seed);
  std::filesystem::create_directories(made);
  return made;
}

void add(sim::report& to, const sim::report& r) {
  to.elections += r.elections;
  to.steps += r.steps;
  to.pauses += r.pauses;
  to.crashes += r.crashes;
  to.proved_deaths += r.proved_deaths;
  to.simulated += r.simulated;
  to.longest_gap = std::max(to.longest_gap, r.longest_gap);
  to.most_claims = std::max(to.most_claims, r.most_claims);
  to.most_records = std::max(to.most_records, r.most_records);
}

int run(const options& o) {
  sim::report total;
  int violations = 0;
  std::uint64_t worlds = 0;
  for (auto seed = o.seed; seed < o.seed + o.count; ++seed) try {
      ++worlds;
      auto plan = sim::draw(seed, makes.at(o.make), rules.at(o.rule), keepers.at(o.store));
      if (!o.broken.empty()) {
        plan.guarded = 0;  // so that nothing but the assumption matters
        assumptions.at(o.broken).how(plan);
      }
      plan.traces = folder_for(o, seed);
      add(total, sim::run(plan, o.transcript ? &std::cout : nullptr));
    } catch (const sim::violation& v) {
      ++violations;
      std::cout << "seed " << seed << ": " << v.what() << "\n  " << rerun(o, seed) << std::endl;
      if (!o.until.empty() && std::string_view{v.what()}.find(o.until) != std::string_view::npos)
        break;
    }
  using namespace std::chrono_literals;
  std::cout << o.make << ", " << o.rule << (o.store == "log" ? "" : ", over a register") << ": "
            << worlds << " seeds, " << total.elections << " elections in " << total.simulated / 1h
            << " simulated hours, " << total.steps << " steps, " << total.pauses << " pauses, "
            << total.crashes << " crashes, " << total.proved_deaths
            << " of them proved; longest time without a leader once the faults had stopped: "
            << total.longest_gap / 1ms << " ms; at most " << total.most_claims << " claims and "
            << total.most_records << " records of one process within a second; " << violations
            << " violations\n";
  return violations == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Simulates elections in a world of faults, one world for each seed, and stops at the first\n"
      "broken promise of each. The same seed is the same world."};
  options o;
  app.add_option("--seed", o.seed, "The first seed")->capture_default_str();
  app.add_option("--count", o.count, "How many seeds")->capture_default_str();
  app.add_option("--make", o.make, "Candidates of the core alone, or as applications have them")
      ->check(CLI::IsMember(makes))
      ->capture_default_str();
  app.add_option("--arbitration", o.rule)->check(CLI::IsMember(rules))->capture_default_str();
  app.add_option("--store", o.store,
                 "What keeps the ledger: a log, or a register, with --make shell and\n"
                 "--arbitration ledger")
      ->check(CLI::IsMember(keepers))
      ->capture_default_str();
  app.add_option("--break", o.broken, names_of_assumptions())->check(CLI::IsMember(assumptions));
  app.add_option("--until", o.until, "End with the first broken promise of which this is a part");
  app.add_flag("--transcript", o.transcript, "Print what happens");
  app.add_option("--traces", o.traces,
                 "A folder for a trace of each process: DIR/SEED/NAME.jsonl. To be checked with\n"
                 "scripts/trace --own-clocks");
  app.final_callback([&] {
    if (o.store != "log" && (o.make != "shell" || o.rule != "ledger"))
      throw CLI::ValidationError{"--store", "needs --make shell and --arbitration ledger"};
  });
  CLI11_PARSE(app, argc, argv);
  return run(o);
}
