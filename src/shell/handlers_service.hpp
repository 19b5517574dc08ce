// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/intrusive/list.hpp>

#include <mutex>

namespace neli::shell {

namespace asio = boost::asio;

/// What an operation that waits has in the service of its context.
class waiting_handler : public boost::intrusive::list_base_hook<> {
 public:
  waiting_handler() = default;
  waiting_handler(const waiting_handler&) = delete;
  waiting_handler& operator=(const waiting_handler&) = delete;

  /// Destroys the handler, which may destroy this object.
  virtual void abandon() = 0;

 protected:
  ~waiting_handler() = default;
};

/// The handlers of all operations of neli's that wait in an execution context. When the context
/// ends, they are destroyed, as Asio destroys those of its own operations. Otherwise a coroutine
/// that waits for its own candidate would keep itself: the candidate holds the operation, that the
/// handler, and that the coroutine with the candidate.
class handlers_service final : public asio::execution_context::service {
 public:
  using key_type = handlers_service;
  static asio::execution_context::id id;

  static handlers_service& of(const asio::any_io_executor&);
  using service::service;

  void add(waiting_handler&);
  void remove(waiting_handler&);

 private:
  void shutdown() override;
  waiting_handler* take();

  std::mutex mutex_;
  boost::intrusive::list<waiting_handler> waiting_;  ///< under the mutex
};

}  // namespace neli::shell
