// SPDX-License-Identifier: BSL-1.0
#include "stores/memory/log.hpp"

#include <algorithm>
#include <utility>

namespace neli::stores::memory {

void log::append(std::string value) {
  const auto e = std::make_shared<const entry>(entry{std::move(value), now()});
  entries_.push_back(e);
  appended(*e);
  tell();
}

void log::remove_before(core::offset first) {
  for (; begin_ < first && !entries_.empty(); ++begin_) entries_.pop_front();
}

void log::lose_last(std::size_t records) {
  entries_.resize(entries_.size() - std::min(records, entries_.size()));
}

void log::make_anew() {
  entries_.clear();
  begin_ = 0;
  ++generation_;
  tell();
}

void log::on_news(std::function<bool()> f) { readers_.push_back(std::move(f)); }

void log::tell() {
  std::erase_if(readers_, [](const auto& news) { return !news(); });
}

}  // namespace neli::stores::memory
