// SPDX-License-Identifier: BSL-1.0
#include "enclosure.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>

namespace neli::tools {

namespace {

/// Where the hierarchy of version 2 is mounted: of /proc/self/mountinfo, whose fields are
/// "... ROOT MOUNTED-AT OPTIONS ... - TYPE SOURCE OPTIONS".
std::optional<std::string> mounted_at() {
  std::ifstream file{"/proc/self/mountinfo"};
  for (std::string line; std::getline(file, line);) {
    if (line.find(" - cgroup2 ") == std::string::npos) continue;
    std::istringstream words{line};
    std::string id, parent, device, root, at;
    if (words >> id >> parent >> device >> root >> at) return at;
  }
  return {};
}

/// This process's group: the line "0::PATH" of /proc/self/cgroup.
std::optional<std::string> own_group() {
  std::ifstream file{"/proc/self/cgroup"};
  constexpr std::string_view start = "0::";
  for (std::string line; std::getline(file, line);)
    if (line.starts_with(start)) return line.substr(start.size());
  return {};
}

bool write(const char* file, std::string_view text) {
  const int f = ::open(file, O_WRONLY | O_CLOEXEC);
  if (f < 0) return false;
  const bool written = ::write(f, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  ::close(f);
  return written;
}

}  // namespace

std::optional<enclosure> enclosure::make() {
  const auto at = mounted_at();
  const auto own = own_group();
  if (!at || !own) return {};
  const auto folder = *at + (*own == "/" ? "" : *own) + "/neli-run-" + std::to_string(::getpid());
  std::error_code error;
  std::filesystem::create_directory(folder, error);
  enclosure made{folder};
  if (!error && std::filesystem::exists(folder + "/cgroup.kill", error)) return made;
  made.remove();
  return {};
}

bool enclosure::enter() const { return write(procs_.c_str(), "0"); }

void enclosure::kill() const { write((folder_ + "/cgroup.kill").c_str(), "1"); }

void enclosure::remove() const { ::rmdir(folder_.c_str()); }

}  // namespace neli::tools
