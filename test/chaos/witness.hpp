// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "elector.hpp"

#include <facts.hpp>
#include <thread>

namespace neli::chaos {

/// Asks an elector every millisecond whether it leads, and says `SAW <from> <to> <token>` (ns of
/// the machine's monotonic clock) of the time in which every answer was yes. It leaves out the time
/// in which it was itself held up, by a pause of the process for instance. It tells often, so that
/// little is lost when the process is killed.
class witness {
 public:
  /// Copies neither argument.
  witness(const elector&, const tools::facts&);

 private:
  std::jthread thread_;
};

}  // namespace neli::chaos
