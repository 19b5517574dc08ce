// SPDX-License-Identifier: BSL-1.0
#include "zookeeper/fixture.hpp"

#include "stores/zookeeper/version.hpp"
#include "stores/zookeeper/wire.hpp"

#include <cstdint>

namespace neli::test {

namespace zoo = stores::zookeeper;

std::vector<std::string> zookeeper_words(std::vector<std::string> words) {
  words.insert(words.end(), {"zookeeper", "--", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                             "-Xmx128m", "-Dzookeeper.forceSync=no"});
  return words;
}

servers& the_zookeeper() {
  static servers one{zookeeper_words({})};
  return one;
}

servers& the_secure_zookeeper() {
  static servers one{zookeeper_words({"--tls"})};
  return one;
}

std::string zookeeper_registers::unique_path() {
  static int number = 0;
  return "/test/" + std::to_string(++number) + "/leader";
}

zoo::request zookeeper_registers::removal(const std::string& path) {
  constexpr std::int32_t remove = 2;
  constexpr std::int32_t any_version = -1;
  return {remove, zoo::writer{}.text(path).number(any_version).taken()};
}

void zookeeper_registers::remove() {
  auto all = std::vector{removal(path())};
  if (const auto m = mark(); !m.empty()) all.insert(all.begin(), removal(path() + "/" + m));
  do_together(all);
}

std::string zookeeper_registers::mark() {
  const auto found = run(connection()->ask(zoo::get(path(), false)));
  BOOST_REQUIRE_EQUAL(found.error, 0);
  return zoo::read_value(zoo::read_content(found.frame)).at.mark;
}

void zookeeper_registers::do_together(const std::vector<zoo::request>& all) {
  const auto done = run(connection()->ask(zoo::together(all)));
  const auto first_is_error = done.frame.substr(zoo::header_size, 4) == "\xff\xff\xff\xff";
  BOOST_REQUIRE(done.error == 0 && !first_is_error);
}

std::shared_ptr<zoo::connection> zookeeper_registers::connection() {
  if (!link_) {
    zoo::settings how{};
    how.servers.push_back(zoo::parse_server(the_zookeeper().address()));
    how.to_connect = how.to_be_silent = 1min;
    link_ = std::make_shared<zoo::link>(on(), how);
  }
  return run(link_->connected());
}

}  // namespace neli::test
