// SPDX-License-Identifier: BSL-1.0
#include "harness/broker.hpp"

#include <boost/test/unit_test.hpp>

#include <stdlib.h>
#include <unistd.h>

#include <iterator>
#include <stdexcept>

namespace neli::test {

namespace process = boost::process;

namespace {

const std::string script = NELI_SOURCE_DIR "/scripts/kafka";

/// In memory where the system has a folder for that: a broker that writes to a busy disk can stand
/// still for longer than a lease.
std::string make_folder() {
  std::string name = ::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
  name += "/neli-kafka-XXXXXX";
  if (!::mkdtemp(name.data())) throw std::runtime_error{"mkdtemp " + name};
  return name;
}

}  // namespace

broker::broker(const std::vector<std::string>& options) : folder_{make_folder()} {
  std::vector<std::string> words{"run", "--dir", folder_, "--die-with-stdin"};
  words.insert(words.end(), options.begin(), options.end());
  process::ipstream out;
  process_ = process::child{script, process::args = words,
                            process::std_in<lifeline_, process::std_out> out};
  if (!std::getline(out, servers_) || servers_.empty())
    throw std::runtime_error{"the broker does not start; has scripts/setup been run?"};
}

broker::~broker() {
  lifeline_.pipe().close();
  process_.wait();
  ::rmdir(folder_.c_str());
}

void broker::command(std::vector<std::string> words) const {
  words.insert(words.end(), {"--dir", folder_});
  const auto status =
      process::system(script, process::args = words, process::std_out > process::null,
                      process::std_err > process::null);
  BOOST_REQUIRE_MESSAGE(status == 0, "scripts/kafka " << words[0] << " failed: " << status);
}

unsigned short broker::proxied_port() const {
  process::ipstream out;
  process::child status{script, process::args = {"status", "--json", "--dir", folder_},
                        process::std_out > out};
  const std::string said{std::istreambuf_iterator<char>{out}, {}};
  status.wait();
  const std::string before = "\"proxied\": [";
  const auto at = said.find(before);
  BOOST_REQUIRE(at != std::string::npos);
  return static_cast<unsigned short>(std::stoi(said.substr(at + before.size())));
}

std::string broker::tool(std::vector<std::string> words) const {
  words.insert(words.begin(), {"tool", "--dir", folder_});
  process::ipstream out;
  process::child run{script, process::args = words, process::std_out > out,
                     process::std_err > process::null};
  std::string said{std::istreambuf_iterator<char>{out}, {}};
  run.wait();
  BOOST_REQUIRE_MESSAGE(run.exit_code() == 0,
                        "scripts/kafka tool " << words[3] << " failed: " << run.exit_code());
  return said;
}

std::string unique(const std::string& stem) {
  static int n = 0;
  return stem + "-" + std::to_string(::getpid()) + "-" + std::to_string(++n);
}

}  // namespace neli::test
