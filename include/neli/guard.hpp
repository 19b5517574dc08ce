// SPDX-License-Identifier: BSL-1.0
// A process beside the candidate's, which gives up what that held when it crashes. Linux only.
#pragma once

#include <neli/detail/api.hpp>
#include <neli/store.hpp>

#include <functional>
#include <string>
#include <vector>

namespace neli {

/// When a process crashes, a guard releases the terms that it held, so that another leads within
/// milliseconds instead of after the lease. It knows of the death from the kernel. See
/// docs/crashes.md. An aggregate; for the stores that neli has, nothing needs to be set:
///
///     neli::config{.store = ..., .guard = neli::guard{}}
///
/// Each session starts one when it starts. It is nobody's child, keeps nothing of the process open
/// and has its own connections to the store. It ends with the session. Whatever goes wrong with it
/// is told as `trouble`, shown by `status()`, and costs nothing but that speed.
struct guard {
  /// The program, and its first arguments. Without a '/' it is looked for in PATH. The `neli`
  /// command is a guard for the stores that neli has. For others, it is a program that calls
  /// `run_guard()`, which may be this one: {"/proc/self/exe", "--be-my-guard"}. Required.
  std::vector<std::string> command = {"neli", "guard"};

  /// The path of the socket of a guard that runs already, `neli guard --listen PATH`, for all
  /// processes of a user on a machine or in a pod: up to 100 bytes. Then none is started, and
  /// `command` is not looked at. Empty: the session starts its own.
  std::string socket = {};

  /// Whether a process is taken for dead only when its children are dead too, and theirs, with all
  /// programs that they run: they may still do the leader's work. A child that lives on then makes
  /// others wait for the lease. A child that closes all descriptors that it inherits does not
  /// count. False: no child does the leader's work.
  bool children = true;

  /// Whether the memory of this process is freed only when others know of its death: for one with
  /// some 100 MB or more, which otherwise takes longer to end, by 30 to 80 ms for each GB. Another
  /// process, `neli-memory`, then shares the memory until this one has ended: tools that add up the
  /// memory of processes count it twice.
  bool free_memory_later = false;

  /// The reading end of a pipe, whose other end is held by all who must be dead, too: instead of
  /// that which children inherit, for a process that says itself what its children inherit. It
  /// must not block (`O_NONBLOCK`), stays yours, and stays open for as long as the session.
  /// -1: none.
  int lifeline = -1;
};

/// Makes the store of the process that is guarded, by what its settings are as text. For
/// `register_store` that is `register_store::settings`.
using make_guarded_store = std::function<store(const std::string& settings)>;

/// Is a guard, in a program that `guard::command` names: returns when there is nothing more to do,
/// with the program's exit status. Call it at the beginning of `main()`, before there are threads.
/// It ignores the signals that would end it, as it ends with the process that it guards.
///
/// If the function throws, the other process is told so, and it is called again.
NELI_API int run_guard(make_guarded_store);

/// Is a guard for all sessions of this user's processes that name the socket, whatever their
/// stores: makes the socket at this path, and returns after SIGTERM or SIGINT, once nothing is left
/// to watch over. A second such signal makes it return at once. Throws `std::system_error` if the
/// socket cannot be made, for example because another guard listens there.
NELI_API void run_guard_at(const std::string& socket, make_guarded_store);

}  // namespace neli
