// SPDX-License-Identifier: BSL-1.0
#include "harness/servers.hpp"

#include <sstream>
#include <stdexcept>

namespace neli::test {

namespace process = boost::process;

servers::servers(const std::vector<std::string>& words)
    : process_{NELI_SERVE, process::args = words,
               process::std_in<commands_, process::std_out> answers_} {
  std::string ports;
  if (!std::getline(answers_, ports) || !std::getline(answers_, folder_))
    throw std::runtime_error{"the servers do not start; has scripts/setup been run?"};
  std::istringstream each{ports};
  for (unsigned short p = 0; each >> p;) ports_.push_back(p);
}

bool servers::are_installed(const std::string& kind) {
  return process::system(NELI_SERVE, process::args = {kind, std::string{"--installed"}}) == 0;
}

servers::~servers() {
  commands_.pipe().close();
  process_.wait();
}

void servers::command(const std::string& name, int node) {
  commands_ << name << ' ' << node << std::endl;
  std::string done;
  if (!std::getline(answers_, done)) throw std::runtime_error{"the servers have ended"};
}

}  // namespace neli::test
