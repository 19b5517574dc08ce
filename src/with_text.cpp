// SPDX-License-Identifier: BSL-1.0
#include "with_text.hpp"

#include "config/names.hpp"

#include <cstddef>
#include <map>
#include <mutex>
#include <tuple>
#include <utility>

namespace neli {

namespace {

constexpr std::size_t longest_text = 1000;  // bytes
constexpr std::size_t most_texts = 1000;

/// The category of one code with one text.
class text_category final : public own_category {
 public:
  text_category(const own_category& base, int value, std::string text)
      : own_category{base.id()}, base_{base}, value_{value}, text_{std::move(text)} {}

  const char* name() const noexcept override { return base_.name(); }
  std::string message(int value) const override {
    return value == value_ ? text_ : base_.message(value);
  }

 private:
  const own_category& base_;
  int value_;
  std::string text_;
};

}  // namespace

boost::system::error_code with_text(boost::system::error_code code, const std::string& text) {
  const auto* base = dynamic_cast<const own_category*>(&code.category());
  if (!base) return code;
  // Codes are copied freely, so a category is never destroyed.
  static std::mutex mutex;
  static std::map<std::tuple<boost::ulong_long_type, int, std::string>, text_category> known;
  const std::lock_guard lock{mutex};
  std::tuple key{base->id(), code.value(), cut(text, longest_text)};
  if (known.size() == most_texts && !known.contains(key)) return code;
  const auto found = known.try_emplace(key, *base, code.value(), std::get<std::string>(key));
  return {code.value(), found.first->second};
}

}  // namespace neli
