// SPDX-License-Identifier: BSL-1.0
// A stage for stories about the core: a few participants, one ledger without delays, a clock that
// the story moves, and a transcript of all that goes in and comes out.
#pragma once

#include "driver/driver.hpp"

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace neli::test {

using core::milliseconds;

class stage {
 public:
  static constexpr auto role = "leader";
  static constexpr milliseconds lease{1000};
  static constexpr milliseconds barrier_timeout{500};

  explicit stage(neli::arbitration how) : how_{how} {}

  struct entry {
    core::record record;
    core::stamp taken;
    core::fingerprint print;
  };

  // --- who is there ---

  void contend(const std::string& name);
  void watch(const std::string& name);
  void crash(const std::string& name);

  // --- what happens ---

  void wait(milliseconds);
  void give(const std::string& name, core::any_input);
  void write(core::record);  ///< from outside
  void lose_ledger();        ///< it is deleted and made anew

  // --- what goes wrong ---

  void pause(const std::string& name);  ///< nothing reaches it, not even time
  void resume(const std::string& name);
  void cut_off(const std::string& name);  ///< it neither reads nor appends
  void heal(const std::string& name);
  void hold_barriers(const std::string& name);  ///< they return when let go
  void let_barriers_go(const std::string& name);

  // --- what is seen ---

  /// A line of the story's own.
  void say(const std::string& text);
  bool leads(const std::string& name) const;
  const std::string& transcript() const { return transcript_; }
  const core::participant& operator[](const std::string& name) const {
    return actors_.at(name)->drive.core();
  }
  const std::deque<entry>& ledger() const { return ledger_; }

 private:
  class actor final : public driver::host {
   public:
    actor(stage&, std::string name);

    driver drive;
    core::offset position = 0;
    bool started = false;
    bool at_end = false;
    bool paused = false;
    bool cut_off = false;
    bool barriers_held = false;
    std::vector<std::uint64_t> barriers;
    std::deque<core::any_input> missed;

   private:
    core::instant now() const override { return stage_.now(); }
    bool stopped() const override { return false; }
    void stepped(core::instant, const core::any_input*, const core::actions&) override;
    void perform(const core::any_action&) override;

    stage& stage_;
    const std::string name_;
  };

  void enter(const std::string& name);
  core::instant now() const;
  void append(core::record);
  void settle();
  bool deliver(actor&);
  void line(const std::string& name, const std::string& text);

  neli::arbitration how_;
  milliseconds time_{};
  std::map<std::string, std::unique_ptr<actor>> actors_;
  std::deque<entry> ledger_;
  std::string transcript_;
};

}  // namespace neli::test
