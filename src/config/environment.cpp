// SPDX-License-Identifier: BSL-1.0
#include "config/environment.hpp"

#include <boost/asio/ip/host_name.hpp>
#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>

#include <errno.h>
#include <unistd.h>

#include <random>

namespace neli {

std::string program_name() {
#ifdef __GLIBC__
  return program_invocation_short_name;
#else
  return "program";
#endif
}

std::string host_name() {
  boost::system::error_code ignored;
  return boost::asio::ip::host_name(ignored);
}

std::string process_number() { return std::to_string(::getpid()); }

std::string random_id() { return boost::uuids::to_string(boost::uuids::random_generator{}()); }

std::uint64_t random_seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32) | device();
}

}  // namespace neli
