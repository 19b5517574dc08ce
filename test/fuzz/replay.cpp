// SPDX-License-Identifier: BSL-1.0
// Gives a target the inputs that are kept, without a fuzzer: an ordinary test.
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t*, std::size_t);

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: " << argv[0] << " FOLDER\n\nRuns the target with each file in it.\n";
    return 2;
  }
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator{argv[1]}) {
    std::ifstream file{entry.path(), std::ios::binary};
    const std::vector<char> all{std::istreambuf_iterator<char>{file}, {}};
    std::cout << entry.path().filename().string() << std::endl;  // if it ends here, it was this one
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(all.data()), all.size());
    ++count;
  }
  std::cout << count << " inputs\n";
  return count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
