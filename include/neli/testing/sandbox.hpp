// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/arbitration.hpp>
#include <neli/candidate.hpp>
#include <neli/clock.hpp>
#include <neli/config.hpp>
#include <neli/detail/api.hpp>
#include <neli/follower.hpp>
#include <neli/session.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/system/error_code.hpp>

#include <memory>
#include <string>
#include <vector>

namespace neli::testing {

/// An object with a connection to the ledger: a candidate, a follower or a session. Candidates and
/// followers of a session share its connection.
class NELI_API connected {
 public:
  connected(const candidate&);  // NOLINT(google-explicit-constructor): meant to convert
  connected(const follower&);   // NOLINT(google-explicit-constructor)
  connected(const session&);    // NOLINT(google-explicit-constructor)

 private:
  friend class sandbox;
  const shell::session* session_;
};

/// Candidates and followers without a broker and without waiting: a ledger in memory and a clock
/// that stands still until the test moves it. The candidates are the real ones, from the election
/// down to the last line of their shell; only Kafka is left out.
///
///     asio::io_context context;
///     neli::testing::sandbox sandbox{context};
///     my_service service{sandbox.make_candidate()};
///     sandbox.acquire(service.candidate());
///     BOOST_TEST(service.is_working());
///     sandbox.fence(service.candidate());
///     BOOST_TEST(!service.is_working());
///
/// Every function that makes something happen also runs the context's ready handlers until there
/// are none, without time passing.
///
/// What is random elsewhere (ids, small delays) is the same in every run here.
///
/// The candidates may be destroyed in any order, before the sandbox. One thread.
class NELI_API sandbox {
 public:
  explicit sandbox(boost::asio::io_context&);
  ~sandbox();
  sandbox(const sandbox&) = delete;
  sandbox& operator=(const sandbox&) = delete;

  /// A candidate that leads when the test says so: `acquire`, `revoke`, `fence`. It is in a group,
  /// of which the test decides. Here and below `config::store` is ignored; the rest of the
  /// configuration is checked as usual.
  candidate make_candidate(config = {}, barrier_function = {});
  /// A candidate that decides with other contenders, as in ledger arbitration: the first of them
  /// leads at once, another one when it leaves or its lease has passed.
  candidate make_contender(config = {}, barrier_function = {});
  /// A follower of `config::role`.
  follower make_follower(config = {});
  /// A session. The roles that its candidates will contend for are named here, so that their first
  /// leader need not wait for one that an empty ledger may have forgotten. With `group`, they lead
  /// when the test says so.
  session make_session(config = {}, const std::vector<std::string>& roles = {},
                       arbitration = arbitration::ledger);

  // --- time ---

  clock::time_point now() const;
  /// Runs the handlers that are ready; no time passes.
  void settle();
  /// Time passes, and everything happens when it is due.
  void run_for(clock::duration);
  /// Time has passed unnoticed, as after a pause of the whole process. What became due meanwhile
  /// happens with the next call, late.
  void jump(clock::duration);

  // --- who leads: for candidates only, not for contenders, which is a std::logic_error ---

  /// Gives the role to this candidate, after having taken it back, in order, from the candidate
  /// that has it.
  void acquire(const candidate&);
  /// Takes the role back in order, and gives it to nobody.
  void revoke(const candidate&);
  /// Takes the role away without notice.
  void fence(const candidate&);

  // --- the ledger ---

  /// It neither reads nor appends any more.
  void partition(const connected&);
  void heal(const connected&);
  /// All that it appends and all that it reads takes this long.
  void delay(const connected&, clock::duration);
  /// The ledger is deleted and made anew.
  void lose_ledger();
  /// Appends a value that is no candidate's.
  void append(std::string value);

  // --- errors ---

  /// An error that ends it.
  void fail(const connected&, boost::system::error_code, const std::string& what);
  /// An error that may pass, while it tries again; without a code: it has passed.
  void trouble(const connected&, boost::system::error_code, const std::string& what);

 private:
  struct impl;
  candidate make(config, arbitration, barrier_function);
  std::shared_ptr<impl> impl_;
};

}  // namespace neli::testing
