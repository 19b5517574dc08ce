// SPDX-License-Identifier: BSL-1.0
#include "descendants.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <system_error>

namespace neli::tools {

namespace {

struct process {
  pid_t id;
  pid_t parent;
};

/// Of /proc/ID/stat: "ID (NAME) STATE PARENT ...", where the name may hold anything.
std::optional<process> read(const std::string& id) {
  std::ifstream file{"/proc/" + id + "/stat"};
  const std::string line{std::istreambuf_iterator<char>{file}, {}};
  const auto name_ends = line.rfind(')');
  constexpr std::size_t state = 2, parent = 4;
  if (name_ends == std::string::npos || line.size() < name_ends + parent) return {};
  if (line[name_ends + state] == 'Z') return {};
  process p{};
  std::from_chars(id.data(), id.data() + id.size(), p.id);
  std::from_chars(line.data() + name_ends + parent, line.data() + line.size(), p.parent);
  return p;
}

std::vector<process> all_processes() {
  std::vector<process> all;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator{"/proc", ignored}) {
    const auto name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    if (const auto p = read(name)) all.push_back(*p);
  }
  return all;
}

}  // namespace

bool adopt_orphans() { return ::prctl(PR_SET_CHILD_SUBREAPER, 1) == 0; }

std::vector<pid_t> descendants(const std::vector<pid_t>& spared) {
  const auto all = all_processes();
  std::vector<pid_t> found;
  std::vector<pid_t> parents{::getpid()};
  while (!parents.empty()) {
    const auto parent = parents.back();
    parents.pop_back();
    for (const auto& p : all) {
      if (p.parent != parent || std::ranges::count(spared, p.id) > 0) continue;
      found.push_back(p.id);
      parents.push_back(p.id);
    }
  }
  return found;
}

std::vector<pid_t> children_called(const std::vector<std::string>& words) {
  std::string wanted;
  for (const auto& w : words) wanted += w + '\0';
  std::vector<pid_t> found;
  for (const auto& p : all_processes()) {
    if (p.parent != ::getpid()) continue;
    std::ifstream file{"/proc/" + std::to_string(p.id) + "/cmdline"};
    if (std::string{std::istreambuf_iterator<char>{file}, {}} == wanted) found.push_back(p.id);
  }
  return found;
}

void signal_descendants(int signal, const std::vector<pid_t>& spared) {
  for (const auto p : descendants(spared)) ::kill(p, signal);
}

}  // namespace neli::tools
