// SPDX-License-Identifier: BSL-1.0
#include "stores/consul_stand_in.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace neli::test {

namespace json = boost::json;

consul_stand_in::consul_stand_in(boost::asio::io_context& c) : server{c} {
  server.answer = [this](const scripted_server::request& q) { return answer(q); };
}

void consul_stand_in::remove() {
  is_there_ = false;
  ++last_;
}

void consul_stand_in::count_anew() {
  last_ = 10;
  if (is_there_) modified_ = ++last_;
}

std::string consul_stand_in::answer(const scripted_server::request& q) {
  const std::string target{q.target()};
  if (target.starts_with("/v1/txn")) return swap(q.body());
  return look(target);
}

std::string consul_stand_in::look(const std::string& target) const {
  if (const auto at = target.find("index="); at != target.npos) {
    const auto known = std::stoull(target.substr(at + 6));
    // Of one that is ahead Consul knows that its own has fallen.
    if (known == index()) return {};
  }
  const auto header = "X-Consul-Index: " + std::to_string(index()) + "\r\n";
  if (!is_there_) return http_answer("404 Not Found", "", header);
  const json::object kv{
      {"LockIndex", 0},   {"Key", "x"},
      {"Flags", flags_},  {"Value", value_.empty() ? json::value{} : json::value(value_)},
      {"CreateIndex", 1}, {"ModifyIndex", modified_}};
  return http_answer("200 OK", json::serialize(json::array{kv}), header);
}

std::string consul_stand_in::swap(const std::string& body) {
  const auto q = json::parse(body);
  const auto& kv = q.as_array().at(0).as_object().at("KV").as_object();
  const auto expected = kv.at("Index").to_number<std::uint64_t>();
  if (expected != (is_there_ ? modified_ : 0)) {
    return http_answer("409 Conflict", R"({"Results":null,"Errors":[{"OpIndex":0,"What":)"
                                       R"("failed to set key \"x\", index is stale"}]})");
  }
  const std::string value{kv.at("Value").as_string()};
  const auto flags = kv.at("Flags").to_number<std::uint64_t>();
  // What changes nothing is not counted.
  if (!is_there_ || value != value_ || flags != flags_) modified_ = ++last_;
  is_there_ = true;
  value_ = value;
  flags_ = flags;
  const json::object now{{"Key", "x"}, {"Value", nullptr}, {"ModifyIndex", modified_}};
  json::object done;
  done["Results"] = json::array{json::object{{"KV", now}}};
  done["Errors"] = nullptr;
  return http_answer("200 OK", json::serialize(done));
}

}  // namespace neli::test
