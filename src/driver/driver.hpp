// SPDX-License-Identifier: BSL-1.0
// Drives a participant of the core: the one loop that the shell, the simulator, the stories and the
// fuzzer share.
#pragma once

#include "core/participant.hpp"
#include <neli/observer.hpp>

#include <memory>
#include <vector>

namespace neli {

class driver {
 public:
  /// Tells the time, and does what the core asks for.
  class host {
   public:
    virtual core::instant now() const = 0;
    /// A step has been made and its actions are about to be done. No input: it was the first.
    virtual void stepped(core::instant, const core::any_input*, const core::actions&) {}
    /// Does it. May feed more in.
    virtual void perform(const core::any_action&) = 0;
    /// Whether no further step is to be made.
    virtual bool stopped() const = 0;

   protected:
    ~host() = default;
  };

  driver(core::settings, core::identity, host&, std::shared_ptr<observer> = {});

  /// Makes the first step, which starts reading.
  void start();
  /// Makes a step with the input, and before it, at the same time, one with what is due: a trace
  /// tells the two apart. When called from within a step, the input waits until that step is over.
  /// True: all has been done; false: it is being done further up the stack, or there is nothing to
  /// do any more.
  bool feed(core::any_input);

  const core::participant& core() const { return core_; }
  const core::settings& settings() const { return settings_; }
  bool stepping() const { return stepping_; }

 private:
  void step(core::instant, const core::any_input&);
  void finish(core::instant, const core::any_input*, const core::actions&);

  const core::settings settings_;
  core::participant core_;
  host& host_;
  const std::shared_ptr<observer> observer_;  ///< null: none
  std::vector<core::any_input> inbox_;
  bool stepping_ = false;
};

}  // namespace neli
