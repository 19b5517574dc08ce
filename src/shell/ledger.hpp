// SPDX-License-Identifier: BSL-1.0
// The seam between the election and whatever stores the ledger.
#pragma once

#include "core/types.hpp"

#include <boost/system/error_code.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace neli::shell {

using boost::system::error_code;

/// What both parts of a store tell of their health.
class health_listener {
 public:
  /// It does not work now, and is being tried again; without a code: it works again.
  virtual void trouble(error_code, const std::string& what) = 0;
  /// It will not work.
  virtual void failed(error_code, const std::string& what) = 0;

 protected:
  ~health_listener() = default;
};

/// An append-only log that is read in order. Every call and every answer is on the strand; no
/// answer comes before the call that it answers has returned.
class ledger {
 public:
  class listener : public health_listener {
   public:
    /// From here on the records come that are at `since` and after it. `beginning`: there are none
    /// before it. `log` is the log's name, another one when it was made anew; empty where the store
    /// cannot tell it.
    virtual void reading(core::offset since, bool beginning, const std::string& log) = 0;
    /// `taken`: when it was appended, in milliseconds, by a clock that all who append share and
    /// that never falls behind what is forgotten; 0 where the store has none.
    virtual void record(core::offset at, core::stamp taken, std::string_view value) = 0;
    /// Everything has been read that the log held a moment ago.
    virtual void end_reached() = 0;
    /// What comes next may not follow what was read. Nothing comes before `read_back`.
    virtual void gap(const std::string& why) = 0;
    virtual void appended(core::ticket) = 0;
    /// It may be in the log all the same.
    virtual void append_failed(core::ticket, const std::string& why) = 0;

   protected:
    ~listener() = default;
  };

  virtual ~ledger() = default;

  /// Gets ready to append.
  virtual void expect_appends() = 0;
  /// Starts reading this many records before the end, again if it was reading.
  virtual void read_back(std::uint64_t records) = 0;
  /// Appends after everything appended before. What cannot be appended within the lease is dropped.
  virtual void append(core::ticket, std::string value) = 0;
  /// Nothing will be read or appended any more; no answer comes after this.
  virtual void stop() = 0;
};

}  // namespace neli::shell
