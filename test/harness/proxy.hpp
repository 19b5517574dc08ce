// SPDX-License-Identifier: BSL-1.0
// A proxy in front of a broker. It knows where Kafka's requests begin, and can end or stall a
// connection at a request of a given kind.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace neli::test {

class proxy {
 public:
  enum class fault {
    cut,    ///< the connection ends
    stall,  ///< neither the request nor anything after it is passed on
  };

  /// Listens on that port of 127.0.0.11 and connects to the same port of 127.0.0.1.
  explicit proxy(unsigned short port);
  ~proxy();
  proxy(const proxy&) = delete;
  proxy& operator=(const proxy&) = delete;

  std::string servers() const { return "127.0.0.11:" + std::to_string(port_); }

  /// Ends all connections. Of the later connections, the first ones with such a request meet the
  /// fault, as many as `connections`.
  void disturb(std::int16_t api, fault, int connections);
  /// Disturbs nothing any more, and ends the connections that stall.
  void restore() { disturb(-1, fault::cut, 0); }
  /// How many connections have met the fault.
  int met() const { return met_; }

 private:
  using tcp = boost::asio::ip::tcp;
  struct connection;

  boost::asio::awaitable<void> accept();
  boost::asio::awaitable<void> forth(std::shared_ptr<connection>);
  boost::asio::awaitable<bool> pass_request(connection&, std::vector<char>&);
  boost::asio::awaitable<void> back(std::shared_ptr<connection>);
  void serve(tcp::socket);

  const unsigned short port_;
  boost::asio::io_context context_{1};
  tcp::acceptor acceptor_{context_};
  // On the thread.
  std::set<std::shared_ptr<connection>> live_;
  std::int16_t api_ = -1;
  fault fault_ = fault::cut;
  int left_ = 0;

  std::atomic<int> met_{0};
  std::thread thread_;
};

}  // namespace neli::test
