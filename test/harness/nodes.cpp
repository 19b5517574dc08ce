// SPDX-License-Identifier: BSL-1.0
#include "harness/nodes.hpp"

#include "harness/broker.hpp"

#include <boost/process.hpp>
#include <boost/test/unit_test.hpp>

#include <iterator>

namespace neli::test {

nodes::nodes(std::vector<std::string> subcommand)
    : fleet{NELI_TOOL, std::move(subcommand),
            [](const tools::fact& f) {
              BOOST_TEST_MESSAGE(f.ns << " " << f.name << " " << f.role << " " << f.what << " "
                                      << f.detail);
            }},
      folder_{std::filesystem::temp_directory_path() / unique("neli-traces")} {
  std::filesystem::create_directories(folder_);
}

nodes::~nodes() {
  end();
  for (const auto& broken : broken_promises()) BOOST_ERROR(broken);
  // A process that was ended before it said anything may not have begun its trace.
  std::erase_if(traces_, [](const auto& file) { return !std::filesystem::exists(file); });
  BOOST_TEST(traces_.size() >= count("STARTED"));
  namespace process = boost::process;
  process::ipstream said;
  process::child check{NELI_SOURCE_DIR "/scripts/trace", process::args = traces_,
                       process::std_out > said};
  const std::string verdict{std::istreambuf_iterator<char>{said}, {}};
  check.wait();
  BOOST_TEST(check.exit_code() == 0, verdict);
  if (check.exit_code() == 0) std::filesystem::remove_all(folder_);
}

void nodes::start(const std::string& name, std::vector<std::string> options) {
  const auto file = std::to_string(traces_.size()) + "-" + name + ".jsonl";
  traces_.push_back((folder_ / file).string());
  options.insert(options.end(), {"--trace", traces_.back()});
  fleet::start(name, options);
}

}  // namespace neli::test
