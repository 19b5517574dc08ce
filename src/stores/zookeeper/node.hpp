// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "stores/net/refusals.hpp"
#include "stores/zookeeper/link.hpp"
#include "stores/zookeeper/messages.hpp"
#include "stores/zookeeper/version.hpp"
#include <neli/stores/register.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace neli::stores::zookeeper {

/// A node as a register: see version.hpp.
class node final : public shared_register {
 public:
  node(const asio::any_io_executor&, settings, std::string path);
  ~node() override;

  asio::awaitable<register_value> load() override;
  asio::awaitable<register_swap> compare_and_swap(std::string expected, std::string bytes) override;
  asio::awaitable<std::optional<register_value>> wait_for_change(std::string version) override;

 private:
  /// The operation, once: whether it is allowed is kept in mind.
  template <class T>
  static asio::awaitable<T> once(asio::awaitable<T>, net::refusals&);
  asio::awaitable<register_value> load_it();
  asio::awaitable<register_swap> swap_it(std::string expected, std::string bytes);
  asio::awaitable<std::optional<register_value>> await_change(std::string version);
  asio::awaitable<void> catch_up(connection&);
  asio::awaitable<register_value> read(connection&, bool watch);
  asio::awaitable<register_swap> create(connection&, const std::string& bytes);
  asio::awaitable<register_swap> set(connection&, const version&, const std::string& bytes);
  asio::awaitable<register_swap> adopt(connection&, const version&, const std::string& bytes);
  asio::awaitable<void> create_above(connection&);
  asio::awaitable<outcome> write(connection&, std::vector<request>);
  register_swap swapped(const outcome&, const std::string& mark) const;
  std::string of_mark(const std::string& mark) const { return path_ + "/" + mark; }
  access who() const { return link_->how().who(); }

  const asio::any_io_executor on_;
  const std::shared_ptr<link> link_;
  const std::string path_;
  const std::string what_;  ///< for errors
  net::refusals reading_;
  net::refusals writing_;
};

}  // namespace neli::stores::zookeeper
