// SPDX-License-Identifier: BSL-1.0
#include "stores/zookeeper/wire.hpp"

#include "stores/zookeeper/errors.hpp"
#include "stores/zookeeper/messages.hpp"
#include <neli/stores/zookeeper.hpp>

#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace neli::test {

namespace {

using namespace stores::zookeeper;
using namespace std::literals;

bool is_broken(const boost::system::system_error& e) {
  return e.code() == boost::system::error_code{code::marshalling, zookeeper_category()};
}

/// The answer to `get`: a header, the value, the stamp.
std::string answer() {
  writer w;
  w.number(7).big(99).number(0).text("value");
  w.big(41).big(42).big(0).big(0).number(3).number(0).number(0).big(0).number(5).number(0).big(41);
  return w.taken();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(wire)

BOOST_AUTO_TEST_CASE(a_request_has_its_length_its_number_and_its_operation_before_it) {
  BOOST_TEST(framed(258, get("/a", true)) == "\0\0\0\x0f\0\0\x01\x02\0\0\0\x04\0\0\0\x02/a\x01"s);
}

BOOST_AUTO_TEST_CASE(numbers_come_back_as_they_were_written) {
  writer w;
  w.number(-2).big(-3).big(0x0102030405060708).flag(true).text("x\0y"sv);
  const auto written = w.taken();
  reader r{written};
  BOOST_TEST(r.number() == -2);
  BOOST_TEST(r.big() == -3);
  BOOST_TEST(r.big() == 0x0102030405060708);
  BOOST_TEST(r.skip(1).text() == "x\0y"sv);
}

BOOST_AUTO_TEST_CASE(an_answer_tells_value_and_version) {
  const auto a = answer();
  BOOST_TEST(read_header(a).xid == 7);
  BOOST_TEST(read_header(a).zxid == 99);
  BOOST_TEST(read_content(a).bytes == "value");
  BOOST_TEST(read_content(a).created == 41);
  BOOST_TEST(read_content(a).version == 3);
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_cut_off_anywhere_is_refused) {
  const auto whole = answer();
  for (std::size_t n = 0; n < whole.size(); ++n)
    BOOST_CHECK_EXCEPTION(read_content(whole.substr(0, n)), boost::system::system_error, is_broken);
}

BOOST_AUTO_TEST_CASE(of_operations_together_the_first_one_that_failed_tells_why) {
  const auto failed = [](writer& w, std::int32_t error) {
    w.number(-1).flag(false).number(error).number(error);
  };
  writer w;
  w.number(7).big(99).number(0);
  for (const auto error : {code::ok, code::bad_version, -2}) failed(w, error);
  w.number(-1).flag(true).number(-1);
  BOOST_TEST(read_outcome(w.taken()).error == code::bad_version);
}

BOOST_AUTO_TEST_CASE(of_operations_together_a_set_tells_the_version) {
  writer w;
  w.number(7).big(99).number(0).number(13).flag(false).number(0).number(5).flag(false).number(0);
  w.big(41).big(42).big(0).big(0).number(3).number(0).number(0).big(0).number(5).number(0).big(41);
  const auto whole = writer{}.raw(w.taken()).number(-1).flag(true).number(-1).taken();
  BOOST_TEST(read_outcome(whole).error == code::ok);
  BOOST_TEST(read_outcome(whole).version == 3);
  for (std::size_t n = 0; n < whole.size() - 4; ++n)
    BOOST_CHECK_EXCEPTION(read_outcome(whole.substr(0, n)), boost::system::system_error, is_broken);
}

BOOST_AUTO_TEST_CASE(a_text_of_a_length_that_cannot_be_is_refused) {
  for (const std::int32_t length : {-2, 6, 0x7fffffff, -0x7fffffff}) {
    const auto text = writer{}.number(length).raw("short").taken();
    BOOST_CHECK_EXCEPTION(reader{text}.text(), boost::system::system_error, is_broken);
  }
  BOOST_TEST(reader{"\xff\xff\xff\xff"sv}.text().empty());
}

BOOST_AUTO_TEST_CASE(a_frame_of_a_length_that_no_server_sends_is_refused) {
  BOOST_TEST(frame_size("\0\0\x01\x02"sv) == 258u);
  for (const auto prefix : {"\xff\xff\xff\xff"sv, "\x7f\xff\xff\xff"sv, "HTTP"sv})
    BOOST_CHECK_EXCEPTION(frame_size(prefix), boost::system::system_error, is_broken);
}

BOOST_AUTO_TEST_CASE(a_server_that_opens_no_session_says_so) {
  const auto closed = writer{}.number(0).number(0).big(0).text("").taken();
  BOOST_CHECK_EXCEPTION(session_timeout(closed), boost::system::system_error,
                        [](const auto& e) { return e.code().value() == code::session_expired; });
}

BOOST_AUTO_TEST_CASE(a_code_is_told_by_its_name) {
  const auto said = [](int value) { return zookeeper_category().message(value); };
  BOOST_TEST(said(-102).starts_with("NoAuth: "));
  BOOST_TEST(said(-103).starts_with("BadVersion: "));
  BOOST_TEST(said(-999) == "unknown error -999");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace neli::test
