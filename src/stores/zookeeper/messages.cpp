// SPDX-License-Identifier: BSL-1.0
#include "stores/zookeeper/messages.hpp"

#include "stores/zookeeper/errors.hpp"
#include "stores/zookeeper/wire.hpp"

namespace neli::stores::zookeeper {

namespace {

namespace operation {
constexpr std::int32_t create = 1;
constexpr std::int32_t exists = 3;
constexpr std::int32_t get = 4;
constexpr std::int32_t set = 5;
constexpr std::int32_t ping = 11;
constexpr std::int32_t check = 13;
constexpr std::int32_t together = 14;
constexpr std::int32_t auth = 100;
constexpr std::int32_t close = -11;
}  // namespace operation

constexpr std::int32_t ping_xid = -2;
constexpr std::int32_t all_rights = 31;

constexpr std::int32_t failed = -1;  // in place of an operation, in an answer
constexpr std::int32_t any_version = -1;

/// How a node is told in answers, as far as it is looked at.
struct stat {
  std::int64_t created;
  std::int32_t version;
};
stat read_stat(reader& r) {
  stat s{};
  s.created = r.big();
  s.version = r.skip(3 * sizeof(std::int64_t)).number();
  r.skip(4 * sizeof(std::int32_t) + 2 * sizeof(std::int64_t));
  return s;
}

}  // namespace

request get(const std::string& path, bool watch) {
  return {operation::get, writer{}.text(path).flag(watch).taken()};
}

request exists(const std::string& path, bool watch) {
  return {operation::exists, writer{}.text(path).flag(watch).taken()};
}

request create(const std::string& path, const std::string& bytes, access who) {
  writer w;
  w.text(path).text(bytes).number(1).number(all_rights);
  if (who == access::this_user)
    w.text("auth").text("");
  else
    w.text("world").text("anyone");
  constexpr std::int32_t persistent = 0;
  return {operation::create, w.number(persistent).taken()};
}

request set(const std::string& path, const std::string& bytes, std::int32_t version) {
  return {operation::set, writer{}.text(path).text(bytes).number(version).taken()};
}

request check_exists(const std::string& path) {
  return {operation::check, writer{}.text(path).number(any_version).taken()};
}

request together(const std::vector<request>& all) {
  writer w;
  for (const auto& one : all) w.number(one.operation).flag(false).number(-1).raw(one.body);
  return {operation::together, w.number(-1).flag(true).number(-1).taken()};
}

std::string framed(std::int32_t xid, const request& r) {
  return writer{}.number(xid).number(r.operation).raw(r.body).framed();
}

std::string hello(std::int64_t last_zxid, std::chrono::milliseconds timeout) {
  constexpr std::int32_t protocol = 0;
  constexpr std::int64_t new_session = 0;
  const std::string no_password(16, '\0');
  return writer{}
      .number(protocol)
      .big(last_zxid)
      .number(static_cast<std::int32_t>(timeout.count()))
      .big(new_session)
      .text(no_password)
      .flag(false)  // not to a server that cannot write
      .framed();
}

std::string credentials(const std::string& user, const std::string& password) {
  return writer{}
      .number(credentials_xid)
      .number(operation::auth)
      .number(0)
      .text("digest")
      .text(user + ":" + password)
      .framed();
}

std::string ping() { return writer{}.number(ping_xid).number(operation::ping).framed(); }

std::string good_bye() { return writer{}.number(0).number(operation::close).framed(); }

std::chrono::milliseconds session_timeout(std::string_view frame) {
  const std::chrono::milliseconds timeout{reader{frame}.skip(sizeof(std::int32_t)).number()};
  if (timeout.count() <= 0) fail(code::session_expired, "the server opens no session");
  return timeout;
}

header read_header(std::string_view frame) {
  reader r{frame};
  header h{};
  h.xid = r.number();
  h.zxid = r.big();
  h.error = r.number();
  return h;
}

content read_content(std::string_view frame) {
  reader r{frame};
  const auto bytes = r.skip(header_size).text();
  const auto s = read_stat(r);
  return {bytes, s.created, s.version};
}

outcome read_outcome(std::string_view frame) {
  outcome o{read_header(frame).error, 0};
  reader r{frame};
  r.skip(header_size);
  while (o.error == code::ok) {
    const auto what = r.number();
    if (r.flag()) break;
    r.number();
    switch (what) {
      case operation::create: r.text(); break;
      case operation::set: o.version = read_stat(r).version; break;
      case operation::check: break;
      case failed: o.error = r.number(); break;
      default: fail(code::marshalling, "an answer to what was not asked");
    }
  }
  return o;
}

}  // namespace neli::stores::zookeeper
