// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/detail/api.hpp>
#include <neli/term.hpp>

#include <boost/system/error_code.hpp>

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace neli {

/// Who leads, as the ledger tells it.
struct leader_info {
  std::string id;           ///< the leader's incarnation: new for every candidate or session
  std::string name;         ///< its name for people
  std::string metadata;     ///< whatever it wants others to know, an address for instance
  std::uint64_t token = 0;  ///< the fencing token of its term

  friend bool operator==(const leader_info&, const leader_info&) = default;
};

/// Why leadership is being given up in an orderly way.
enum class revocation {
  rebalanced,  ///< the consumer group moves the role to another member
  resigned,    ///< `resign()` was called
  closing,     ///< `close()` was called
};

/// Why leadership ended without notice.
enum class fencing {
  lease_expired,    ///< no heartbeat came back through the ledger within the lease
  superseded,       ///< another candidate's newer term was read
  assignment_lost,  ///< the consumer group has thrown this member out
  barrier_timeout,  ///< a barrier outlasted `config::barrier_timeout`
  ledger_gap,       ///< the ledger was truncated or made anew, or differs when read again
  failed,           ///< a fatal error ended the candidate
};

/// Why nobody is known to lead.
enum class vacancy {
  unknown,        ///< not enough of the ledger has been read yet
  unclaimed,      ///< nobody has led, as far as the ledger goes back
  released,       ///< the last leader has given its term up
  lease_expired,  ///< the last leader's lease has passed
};

NELI_API std::string_view to_string(revocation) noexcept;
NELI_API std::string_view to_string(fencing) noexcept;
NELI_API std::string_view to_string(vacancy) noexcept;

/// This candidate has won a term, and nobody else leads any more. The barrier runs now; `pulse()`
/// reports leadership when it has returned.
struct leader_acquired {
  neli::term term;
};

/// Leadership is being given up in an orderly way. The lease is still renewed while the barrier
/// runs, nobody else leads before it has returned: the place to finish and flush. `is_leader()`
/// says no already. If the lease or `barrier_timeout` passes meanwhile, `leader_fenced` follows.
struct leader_revoked {
  neli::term term;
  revocation reason{};
};

/// Leadership is over already, somebody else may lead by now. Blocking here protects nothing.
struct leader_fenced {
  neli::term term;
  fencing reason{};
};

/// What the ledger says about who leads has changed. Terms never go down from one to the next.
struct leader_changed {
  std::optional<leader_info> leader;  ///< none: nobody leads, `reason` says why
  vacancy reason{};                   ///< meaningful only when there is no leader
};

/// A barrier threw, which counts as its return; or it, or a task of `candidate::lead()`, did not
/// end when it was cancelled.
struct barrier_failed {
  std::exception_ptr error;
  std::string what;
};

/// A task of `candidate::lead()` threw, and the candidate resigns.
struct task_failed {
  std::exception_ptr error;
  std::string what;
};

/// Something is wrong, and the candidate keeps trying: the brokers cannot be reached, an append was
/// refused, or there has been no answer for about a lease. `code` is empty when it is over.
struct trouble {
  boost::system::error_code code;
  std::string what;
};

/// Something that happened to a candidate.
using event_base = std::variant<leader_acquired, leader_revoked, leader_fenced, leader_changed,
                                barrier_failed, trouble, task_failed>;

struct event : event_base {
  using event_base::event_base;

  /// The event as `T`, or null when it is another.
  template <class T>
  const T* as() const noexcept {
    return std::get_if<T>(static_cast<const event_base*>(this));
  }
};

/// The event in one line, for logs.
NELI_API std::string to_string(const event&);

}  // namespace neli
