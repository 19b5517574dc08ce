// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace neli::test {

/// An HTTP server that a test makes answer as it likes: no store, but what one has said or may say.
class scripted_server {
 public:
  using request = boost::beast::http::request<boost::beast::http::string_body>;
  using tcp = boost::asio::ip::tcp;

  explicit scripted_server(boost::asio::io_context&);
  ~scripted_server();
  scripted_server(const scripted_server&) = delete;
  scripted_server& operator=(const scripted_server&) = delete;

  std::string address() const;
  void hang_up();  ///< ends all connections

  /// The whole text of an answer. Empty: there is none yet; it is asked for again soon.
  std::function<std::string(const request&)> answer;
  std::vector<request> asked;
  int connections = 0;  ///< that were made ever

 private:
  struct state;
  boost::asio::awaitable<void> accept();
  boost::asio::awaitable<void> serve(std::shared_ptr<tcp::socket>);

  boost::asio::io_context& context_;
  std::shared_ptr<tcp::acceptor> acceptor_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::set<std::shared_ptr<tcp::socket>> open_;
};

/// An answer with a body.
std::string http_answer(const std::string& status, const std::string& body,
                        const std::string& more_headers = {});

}  // namespace neli::test
