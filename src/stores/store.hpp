// SPDX-License-Identifier: BSL-1.0
// The seam between the election and what stores its ledger.
//
// A store is a ledger and, where the store has one, a membership. The contract:
//
// - Every call and every answer is on the session's strand. No call blocks. No answer comes before
//   the call that it answers has returned, and none after `stop`.
// - Every call may be made within an answer, `stop` too.
// - A store tells of errors by `trouble` while it tries again. Once it has given up it tells so by
//   `failed`, and is to be stopped.
// - A store may be destroyed at any time after `stop`, except from within one of its own answers.
//
// test/contract holds every store to each of these sentences.
#pragma once

#include "core/types.hpp"
#include "strand.hpp"

#include <boost/system/error_code.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace neli::stores {

using boost::system::error_code;

/// What both parts of a store tell of their health.
class health_listener {
 public:
  /// A part of it, "reading the ledger" for instance, does not work now, and is being tried again;
  /// without a code: it works again.
  virtual void trouble(const std::string& part, error_code, const std::string& what) = 0;
  /// It will not work.
  virtual void failed(error_code, const std::string& what) = 0;

 protected:
  ~health_listener() = default;
};

/// An append-only log that is read in order. Whether the ledger can append is decided when it is
/// made.
///
/// Reading: `read_back` is answered by `reading`. Records follow in the order of their offsets,
/// each once, as it was appended, without a hole, and every appended record comes sooner or later,
/// also to its author. All ledgers read the same record at the same offset. Offsets grow; they need
/// not be consecutive. When the store can no longer keep that promise (the log was truncated, or
/// made anew) it says `gap` and then nothing until the next `read_back`, which may be called at any
/// time and makes what was on its way for the earlier one void.
///
/// Appending: each `append` has one outcome, `appended` or `append_failed`, unless the ledger is
/// stopped before. What was appended is there for everybody who reads from then on, and stands
/// after all that the same ledger had appended before. What failed may be in the log all the same,
/// now or later, after what was appended later. Either may be there twice.
class ledger {
 public:
  class listener : public health_listener {
   public:
    /// From here on the records come that are at `since` and after it. `beginning`: there are none
    /// before it (any more). `log` is the log's name, the same at each reading and another one when
    /// the log was made anew; empty where the store cannot tell it.
    virtual void reading(core::offset since, bool beginning, const std::string& log) = 0;
    /// `taken`: when it was appended, in milliseconds, by one clock for all authors, which never
    /// goes back behind records that the log has forgotten; 0 where the store has no such clock.
    virtual void record(core::offset at, core::stamp taken, std::string_view value) = 0;
    /// Everything has been read that the log held a moment ago: first, all that it held when
    /// reading started. Comes at least once after each `reading`.
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

  /// Starts reading this many records before the end, again if it was reading.
  virtual void read_back(std::uint64_t records) = 0;
  /// Appends after everything appended before. What cannot be appended within the lease has failed.
  /// Only for a ledger that was made to append, and that has told once from where it reads.
  virtual void append(core::ticket, std::string value) = 0;
  /// Nothing will be read or appended any more; no answer comes after this.
  virtual void stop() = 0;
};

/// Spreads roles over the members of a group. The group has at most one owner for each role, and
/// sooner or later one, if there are members. It assigns a role to another once its owner has given
/// it back or left, or once it has given the owner up, of whom it has heard nothing for too long.
/// Such an owner learns that late, by `lost`: until then it and another may both take themselves
/// for the role's owner.
class membership {
 public:
  class listener : public health_listener {
   public:
    virtual void assigned(const std::string& role) = 0;
    /// The group wants the role back, and waits for `give_back`.
    virtual void asked_back(const std::string& role) = 0;
    /// The group has not waited: another member may own the role by now.
    virtual void lost(const std::string& role) = 0;

   protected:
    ~listener() = default;
  };

  virtual ~membership() = default;

  /// Joins the group: the ledger has been found.
  virtual void join() = 0;
  /// The answer to `asked_back`.
  virtual void give_back(const std::string& role) = 0;
  /// Leaves in an orderly way, within a bound, joined or not; roles that are still held are given
  /// back. Roles may be assigned and asked back until `left` is called, once.
  virtual void leave(std::function<void()> left) = 0;
  /// No answer comes after this.
  virtual void stop() = 0;
};

using make_membership =
    std::function<std::unique_ptr<membership>(const strand&, membership::listener&)>;

/// Where the ledger is, and who spreads the roles: nobody, in ledger arbitration.
struct store {
  std::unique_ptr<stores::ledger> ledger;
  make_membership join;
};

/// May throw `config_error`, and `std::system_error` when the process lacks what the store needs.
using make_store = std::function<store(const strand&, ledger::listener&)>;

}  // namespace neli::stores
