// SPDX-License-Identifier: BSL-1.0
// Elections over a register: one value of a store that changes by compare-and-swap.
#pragma once

#include <neli/detail/api.hpp>
#include <neli/store.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace neli {

namespace asio = boost::asio;

struct config;

/// What a register holds at a moment.
struct register_value {
  /// As neli wrote them. Empty: there is no value, or an empty one.
  std::string bytes = {};
  /// Which value this is. neli compares versions for equality only and gives them back. Two values
  /// that the register holds at different moments have different versions, also when the bytes are
  /// the same, as far as the store can tell; neli recognizes a value that comes back (a store that
  /// was restored from a backup, a key that was deleted and made anew) by its bytes. Empty: there
  /// is no value.
  std::string version = {};
};

/// What came of `shared_register::compare_and_swap`.
struct register_swap {
  bool swapped = false;
  /// Swapped: the version of what was written; its bytes need not be given. Not swapped: what the
  /// register holds instead, if the store told it in its answer; neli loads it otherwise.
  std::optional<register_value> present = {};
};

/// One register, as neli uses it: a key of a key-value store, a row of a database, an object in a
/// bucket. A user implements this to hold elections over a store that neli does not know; see
/// docs/stores.md.
///
/// All three are coroutines that neli starts on the executor that it gave when the register was
/// made, which is a strand: they need no locks, and must not block. At most one `wait_for_change`
/// and one other operation run at a time.
///
/// An operation that cannot be done throws; a `boost::system::system_error` keeps its code and its
/// text. neli tells of it as `trouble` and tries again, so an operation should not try again for
/// long itself. A register that cannot come to work at all (rights that are denied, a name that the
/// store does not take) throws `neli::error`, which ends the candidates with its code.
///
/// neli cancels an operation, by Asio's terminal cancellation, that takes longer than a quarter of
/// the lease (50 ms to 3 s), or that is not needed any more. It is then to end soon, by any
/// outcome; one that does not keeps its register, and neli makes another. The register is destroyed
/// after its operations have ended.
class NELI_API shared_register {
 public:
  virtual ~shared_register() = default;

  /// What the register holds: not older than what it held when this was called, whatever server
  /// answers.
  virtual asio::awaitable<register_value> load() = 0;

  /// Writes the bytes if the register's version is still the expected one, in one step; an empty
  /// version means that there must be no value. Throws when it is not known whether it was written,
  /// also when it may be written yet.
  virtual asio::awaitable<register_swap> compare_and_swap(std::string expected,
                                                          std::string bytes) = 0;

  /// Returns when the register may hold another version than this one: a hint, which may come too
  /// early or twice. With a value, if the store sent one along: it may be older than what the
  /// register holds by now. This takes as long as it takes. Nothing depends on it but how fast
  /// others notice a change: neli also loads by itself, once in a lease.
  virtual asio::awaitable<std::optional<register_value>> wait_for_change(std::string version) = 0;
};

/// A register as the store; `config::ledger` names it. An aggregate:
///
///     neli::config{.store = neli::register_store{.make = [&](auto on, const neli::config& c) {
///                    return std::make_unique<my_register>(on, c.ledger);
///                  }}, .ledger = "my-app.leader"}
///
/// neli keeps the last records of the election in the register's value, compressed, and writes
/// about four times in a lease while there is a leader. All who contend over one register compete
/// for it: see docs/stores.md for how many it bears.
struct register_store {
  /// Makes the register that `config::ledger` names. Called for each session, when its candidate is
  /// made, and again if an operation does not heed its cancellation; the configuration is complete,
  /// and has been checked. The operations run on the executor. Required.
  std::function<std::unique_ptr<shared_register>(const asio::any_io_executor&, const config&)>
      make = {};

  /// What it is, for log lines: "etcd key" for instance.
  std::string kind = "register";

  /// Checks what can be checked without the store's servers, when a candidate is made:
  /// throws `config_error`. None: any ledger's name will do.
  std::function<void(const config&)> check = {};

  /// The largest value that is written, in bytes: 4 KiB to 64 MiB. At most what the store takes. A
  /// record with which the value would be larger is refused.
  std::size_t most_bytes = 256 * 1024;

  /// For a guard: what its program needs to make the same register, as text. See `run_guard()`.
  std::string settings = {};

  NELI_API operator store() const;  // NOLINT(google-explicit-constructor): meant to convert
};

}  // namespace neli
