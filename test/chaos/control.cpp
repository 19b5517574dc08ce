// SPDX-License-Identifier: BSL-1.0
#include "control.hpp"

#include "harness/flag_elector.hpp"

#include <chrono>

namespace neli::chaos {

namespace {

class control final : public elector {
 public:
  control(const std::map<std::string, std::string>& kafka, const std::string& topic,
          const tools::facts& says)
      : elector_{
            kafka, topic,
            [&says](turn t) { says.print("TURN", t == turn::assigned ? "assigned" : "revoked"); },
            work} {}

  std::optional<std::uint64_t> leads() const override { return elector_.leads(); }
  void leave() override { elector_.leave(); }

 private:
  using turn = test::flag_elector::turn;

  /// Without this work two would lead at once for only a millisecond, which few questions would
  /// meet.
  static constexpr std::chrono::milliseconds work{100};

  test::flag_elector elector_;
};

}  // namespace

std::unique_ptr<elector> make_control(const std::map<std::string, std::string>& kafka,
                                      const std::string& topic, const tools::facts& says) {
  return std::make_unique<control>(kafka, topic, says);
}

}  // namespace neli::chaos
