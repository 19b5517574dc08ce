// SPDX-License-Identifier: BSL-1.0
// Any value whatever in the ledger: it is refused, or it is a record within all bounds that comes
// back as it was written.
#include "core/print.hpp"
#include "core/record.hpp"
#include "fuzz/bytes.hpp"

#include <string_view>
#include <variant>

using namespace neli::core;
using neli::fuzz::require;

namespace {

void bounded(const std::string& text, std::size_t shortest = 1) {
  require(text.size() >= shortest && text.size() <= largest_text, "a text is within its bounds");
}
void bounded(token t) { require(t >= 1 && t <= largest_term, "a term is within its bounds"); }
void bounded(milliseconds wait) {
  require(wait.count() >= 0 && wait <= longest_wait, "a wait is within its bounds");
}
void bounded(const author& by) {
  bounded(by.id);
  bounded(by.name, 0);
  require(by.metadata.size() <= largest_metadata, "metadata is within its bounds");
  require(by.lease.count() >= 1 && by.lease <= longest_lease, "a lease is within its bounds");
}

void bounded(const claim& c) {
  bounded(c.role);
  bounded(c.by);
  bounded(c.term);
}
void bounded(const heartbeat& h) {
  bounded(h.by);
  for (const auto& e : h.terms) {
    bounded(e.role);
    bounded(e.term);
    bounded(e.wait);
  }
  for (const auto& role : h.open) bounded(role);
}
void bounded(const release& r) {
  bounded(r.role);
  bounded(r.id);
  bounded(r.term);
  bounded(r.wait);
}

offset based_on(const record& r) {
  return std::visit([](const auto& one) { return one.based_on; }, r);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view value{reinterpret_cast<const char*>(data), size};
  const auto read = decode(value);
  const auto* r = std::get_if<record>(&read);
  if (!r) return 0;
  require(size <= largest_record, "a record is within its bounds");
  std::visit([](const auto& one) { bounded(one); }, *r);
  require(based_on(*r) >= before_first, "an offset is within its bounds");
  require(!print(*r).empty(), "it can be printed");
  const auto written = encode(*r);
  if (written.size() > largest_record) return 0;  // 1e9 is shorter than what it means
  const auto again = decode(written);
  require(again.index() == 0 && std::get<record>(again) == *r, "it comes back as it was written");
  return 0;
}
