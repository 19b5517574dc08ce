// SPDX-License-Identifier: BSL-1.0
#include "stores/zookeeper/version.hpp"

#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace neli::test {

namespace {

using namespace stores::zookeeper;

const std::string mark = "0123456789abcdef";

}  // namespace

BOOST_AUTO_TEST_SUITE(versions)

BOOST_AUTO_TEST_CASE(a_version_comes_back_from_its_text) {
  for (const version& v : {version{mark, 0, 7}, version{{}, 41, 0}, version{{}, 41, -5}})
    BOOST_TEST((parse_version(to_string(v)) == v));
}

BOOST_AUTO_TEST_CASE(what_is_no_version_is_refused) {
  for (const std::string text : {"", "7", ".7", "@41", "@41.", "@.7", "@41.7x", "@41.99999999999",
                                 "0123456789abcde.7", "0123456789abcdeF.7"})
    BOOST_CHECK_THROW(parse_version(text), boost::system::system_error);
}

BOOST_AUTO_TEST_CASE(a_mark_stands_before_the_value) {
  const auto written = marked(mark, "value");
  const auto read = read_value({written, 41, 7});
  BOOST_TEST(read.bytes == "value");
  BOOST_TEST((read.at == version{mark, 0, 7}));
  BOOST_TEST(read_value({marked(mark, ""), 41, 7}).bytes.empty());
}

BOOST_AUTO_TEST_CASE(what_others_wrote_has_no_mark) {
  const std::vector<std::string> all{"",
                                     "value",
                                     "neli:" + mark,
                                     "neli:" + mark + "x",
                                     "neli;" + mark + "\n",
                                     "neli:0123456789abcdeF\n"};
  for (const auto& written : all) {
    const auto read = read_value({written, 41, 7});
    BOOST_TEST(read.bytes == written);
    BOOST_TEST((read.at == version{{}, 41, 7}));
  }
}

BOOST_AUTO_TEST_CASE(each_mark_is_another) {
  BOOST_TEST(new_mark() != new_mark());
  BOOST_TEST((parse_version(new_mark() + ".0").created == 0));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace neli::test
