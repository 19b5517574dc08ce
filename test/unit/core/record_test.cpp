// SPDX-License-Identifier: BSL-1.0
#include "core/record.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace neli::core;
using cause = unreadable::cause;

BOOST_AUTO_TEST_SUITE(records)

namespace {

const author ann{"id-1", "ann@host", "http://host:80/", milliseconds{3000}};

record read(const std::string& json) {
  auto r = decode(json);
  if (const auto* bad = std::get_if<unreadable>(&r)) BOOST_FAIL("unreadable: " << bad->detail);
  return std::get<record>(r);
}

unreadable refuse(const std::string& json) {
  auto r = decode(json);
  BOOST_REQUIRE_MESSAGE(std::holds_alternative<unreadable>(r), "should be unreadable: " << json);
  return std::get<unreadable>(r);
}

}  // namespace

BOOST_AUTO_TEST_CASE(come_back_as_they_were_written) {
  const std::vector<record> all{
      claim{"leader", ann, 1'700'000'000'001, 41},
      heartbeat{
          ann, 7, 42, {{"billing", 5, milliseconds{0}}, {"search", 6, milliseconds{120}}}, {}},
      heartbeat{ann, 8, 42, {}, {"billing", "search"}},
      release{"leader", "id-1", 5, 43, milliseconds{0}},
      release{"leader", "id-1", 5, -1, milliseconds{250}},
  };
  for (const auto& r : all) BOOST_TEST((read(encode(r)) == r), encode(r));
}

BOOST_AUTO_TEST_CASE(are_readable_json) {
  BOOST_TEST(encode(claim{"leader", {"i", "n", "m", milliseconds{1000}}, 5, -1}) ==
             R"({"v":1,"kind":"claim","role":"leader","id":"i","name":"n","metadata":"m",)"
             R"("lease_ms":1000,"term":5,"based_on":-1})");
  BOOST_TEST(encode(heartbeat{
                 {"i", "n", "", milliseconds{1000}}, 3, 9, {{"r", 5, milliseconds{2}}}, {}}) ==
             R"({"v":1,"kind":"heartbeat","id":"i","name":"n","metadata":"","lease_ms":1000,)"
             R"("seq":3,"based_on":9,"terms":{"r":5},"wait_ms":{"r":2}})");
  BOOST_TEST(encode(release{"r", "i", 5, 9, {}}) ==
             R"({"v":1,"kind":"release","role":"r","id":"i","term":5,"based_on":9})");
}

BOOST_AUTO_TEST_CASE(may_have_members_of_a_later_minor_version) {
  BOOST_TEST(
      (read(R"({"v":1,"kind":"release","role":"r","id":"i","term":5,"based_on":9,"new":[]})") ==
       record{release{"r", "i", 5, 9, {}}}));
}

BOOST_AUTO_TEST_CASE(of_another_version_or_kind_are_told_apart_from_garbage) {
  BOOST_TEST((refuse(R"({"v":2,"kind":"claim"})").why == cause::unknown_version));
  BOOST_TEST((refuse(R"({"v":1,"kind":"coup"})").why == cause::unknown_kind));
  BOOST_TEST((refuse("tick").why == cause::malformed));
}

namespace {

const std::vector<std::string> malformed{
    "",
    " ",
    "null",
    "17",
    "[]",
    "\"claim\"",
    "{",
    "{}",
    R"({"v":"1","kind":"claim"})",
    R"({"v":1})",
    R"({"v":1,"kind":7})",
    // goNELI's heartbeats
    "1b4e28ba-2fa1-11d2-883f-0016d3cca427",
    R"({"heartbeat":1})",
    // a member missing, of the wrong type, out of range
    R"({"v":1,"kind":"release","role":"r","id":"i","term":5})",
    R"({"v":1,"kind":"release","role":"r","id":"i","term":"5","based_on":9})",
    R"({"v":1,"kind":"release","role":"r","id":"i","term":0,"based_on":9})",
    R"({"v":1,"kind":"release","role":"r","id":"i","term":-5,"based_on":9})",
    R"({"v":1,"kind":"release","role":"r","id":"i","term":5.5,"based_on":9})",
    R"({"v":1,"kind":"release","role":"r","id":"i","term":9007199254740992,"based_on":9})",
    R"({"v":1,"kind":"release","role":"r","id":"i","term":18446744073709551615,"based_on":9})",
    R"({"v":1,"kind":"release","role":"r","id":"i","term":1e300,"based_on":9})",
    R"({"v":1,"kind":"release","role":"r","id":"i","term":5,"based_on":-2})",
    R"({"v":1,"kind":"release","role":"","id":"i","term":5,"based_on":9})",
    R"({"v":1,"kind":"release","role":"r","id":"","term":5,"based_on":9})",
    R"({"v":1,"kind":"release","role":"r","id":"i","term":5,"based_on":9,"wait_ms":-1})",
    R"({"v":1,"kind":"claim","role":"r","id":"i","name":"","metadata":"","lease_ms":0,"term":5,"based_on":9})",
    R"({"v":1,"kind":"claim","role":"r","id":"i","name":"","metadata":"","lease_ms":3600001,"term":5,"based_on":9})",
    R"({"v":1,"kind":"claim","role":"r","id":"i","name":3,"metadata":"","lease_ms":1,"term":5,"based_on":9})",
    R"({"v":1,"kind":"heartbeat","id":"i","name":"","metadata":"","lease_ms":9,"seq":-1,"based_on":9,"terms":{}})",
    R"({"v":1,"kind":"heartbeat","id":"i","name":"","metadata":"","lease_ms":9,"seq":1,"based_on":9,"terms":[]})",
    R"({"v":1,"kind":"heartbeat","id":"i","name":"","metadata":"","lease_ms":9,"seq":1,"based_on":9,"terms":{"":5}})",
    R"({"v":1,"kind":"heartbeat","id":"i","name":"","metadata":"","lease_ms":9,"seq":1,"based_on":9,"terms":{"r":0}})",
    R"({"v":1,"kind":"heartbeat","id":"i","name":"","metadata":"","lease_ms":9,"seq":1,"based_on":9,"terms":{"r":5},"wait_ms":7})",
    R"({"v":1,"kind":"heartbeat","id":"i","name":"","metadata":"","lease_ms":9,"seq":1,"based_on":9,"terms":{},"open":{}})",
    R"({"v":1,"kind":"heartbeat","id":"i","name":"","metadata":"","lease_ms":9,"seq":1,"based_on":9,"terms":{},"open":[7]})",
    R"({"v":1,"kind":"heartbeat","id":"i","name":"","metadata":"","lease_ms":9,"seq":1,"based_on":9,"terms":{},"open":[""]})",
};

}  // namespace

BOOST_DATA_TEST_CASE(malformed_are_refused, malformed, json) {
  BOOST_TEST((refuse(json).why == cause::malformed));
}

BOOST_AUTO_TEST_CASE(truncated_anywhere_are_refused) {
  const auto whole = encode(heartbeat{ann, 7, 42, {{"leader", 5, milliseconds{1}}}, {}});
  for (std::size_t n = 0; n < whole.size(); ++n)
    BOOST_TEST((refuse(whole.substr(0, n)).why == cause::malformed));
}

BOOST_AUTO_TEST_CASE(gigantic_or_deep_are_refused_without_harm) {
  BOOST_TEST((refuse(std::string(largest_record + 1, ' ')).why == cause::too_large));
  BOOST_TEST((refuse(std::string(500'000, '[')).why == cause::malformed));
}

BOOST_AUTO_TEST_CASE(are_equal_when_all_members_are_equal) {
  const claim c{"leader", ann, 5, 1};
  auto other = ann;
  other.lease += milliseconds{1};
  BOOST_TEST((c != claim{"other", ann, 5, 1}));
  BOOST_TEST((c != claim{"leader", other, 5, 1}));
  BOOST_TEST((c != claim{"leader", ann, 6, 1}));
  BOOST_TEST((c != claim{"leader", ann, 5, 2}));
  const heartbeat h{ann, 7, 42, {{"leader", 5, milliseconds{1}}}, {"search"}};
  BOOST_TEST((h != heartbeat{other, 7, 42, h.terms, h.open}));
  BOOST_TEST((h != heartbeat{ann, 8, 42, h.terms, h.open}));
  BOOST_TEST((h != heartbeat{ann, 7, 43, h.terms, h.open}));
  BOOST_TEST((h != heartbeat{ann, 7, 42, {{"leader", 5, milliseconds{2}}}, h.open}));
  BOOST_TEST((h != heartbeat{ann, 7, 42, h.terms, {}}));
  const release r{"leader", "id-1", 5, 43, milliseconds{0}};
  BOOST_TEST((r != release{"other", "id-1", 5, 43, milliseconds{0}}));
  BOOST_TEST((r != release{"leader", "id-2", 5, 43, milliseconds{0}}));
  BOOST_TEST((r != release{"leader", "id-1", 6, 43, milliseconds{0}}));
  BOOST_TEST((r != release{"leader", "id-1", 5, 44, milliseconds{0}}));
  BOOST_TEST((r != release{"leader", "id-1", 5, 43, milliseconds{1}}));
}

BOOST_AUTO_TEST_CASE(texts_are_bounded) {
  auto c = claim{"leader", ann, 5, 1};
  c.role = std::string(largest_text, 'r');
  BOOST_TEST((read(encode(c)) == record{c}));
  c.role += 'r';
  BOOST_TEST((refuse(encode(c)).why == cause::malformed));
  c = claim{"leader", ann, 5, 1};
  c.by.metadata = std::string(largest_metadata + 1, 'm');
  BOOST_TEST((refuse(encode(c)).why == cause::malformed));
}

BOOST_AUTO_TEST_SUITE_END()
