// SPDX-License-Identifier: BSL-1.0
#include "stores/zookeeper/errors.hpp"

#include <neli/error.hpp>
#include <neli/stores/zookeeper.hpp>

namespace neli {

namespace {

const char* told(int value) noexcept {
  switch (value) {
    case 0: return "Ok";
    case -1: return "SystemError: something failed in the server";
    case -2: return "RuntimeInconsistency: the server found itself inconsistent";
    case -3: return "DataInconsistency: the server found its data inconsistent";
    case -4: return "ConnectionLoss: the connection is lost";
    case -5: return "MarshallingError: what came is no message of ZooKeeper's";
    case -6: return "Unimplemented: the server does not know this operation";
    case -7: return "OperationTimeout: the operation took too long";
    case -8: return "BadArguments: the server does not take the arguments";
    case -12: return "UnknownSession: the server does not know the session";
    case -13: return "NewConfigNoQuorum: the new configuration has no quorum";
    case -14: return "ReconfigInProgress: the servers are being reconfigured";
    case -100: return "APIError: the server refuses the operation";
    case -101: return "NoNode: the node does not exist";
    case -102: return "NoAuth: the client has not the right";
    case -103: return "BadVersion: the node has another version";
    case -108: return "NoChildrenForEphemerals: the node above is ephemeral";
    case -110: return "NodeExists: the node exists";
    case -111: return "NotEmpty: the node has children";
    case -112: return "SessionExpired: the session has expired";
    case -113: return "InvalidCallback: the callback is not valid";
    case -114: return "InvalidACL: the server does not take the access list";
    case -115: return "AuthFailed: the server does not take the credentials";
    case -118: return "SessionMoved: the session is at another server";
    case -119: return "NotReadOnly: the server takes no writes now";
    case -120: return "EphemeralOnLocalSession: the session is local";
    case -121: return "NoWatcher: there is no such watch";
    case -122: return "RequestTimeout: the request took too long";
    case -123: return "ReconfigDisabled: reconfiguring is switched off";
    case -124: return "SessionClosedRequireSASLAuth: the server takes SASL only";
    case -125: return "QuotaExceeded: the node's quota is used up";
    case -127: return "Throttled: the server is overloaded";
    default: return nullptr;
  }
}

class zookeeper_errors final : public boost::system::error_category {
 public:
  constexpr zookeeper_errors() : error_category{0x6e656c692d7a6b6b} {}
  const char* name() const noexcept override { return "zookeeper"; }
  std::string message(int value) const override {
    const auto* text = told(value);
    return text ? text : "unknown error " + std::to_string(value);
  }
};

}  // namespace

const boost::system::error_category& zookeeper_category() noexcept {
  static const zookeeper_errors category;
  return category;
}

}  // namespace neli

namespace neli::stores::zookeeper {

void fail(std::int32_t value, const std::string& what) {
  const error_code code{value, zookeeper_category()};
  if (value == code::bad_arguments || value == code::no_children_for_ephemerals)
    throw error{make_error_code(errc::unusable_ledger), what + ": " + code.message()};
  throw boost::system::system_error{code, what};
}

bool is_refusal(const error_code& e) noexcept {
  if (e.category() != zookeeper_category()) return false;
  return e.value() == code::no_auth || e.value() == code::invalid_acl ||
         e.value() == code::auth_failed || e.value() == code::sasl_required;
}

bool ends_session(std::int32_t value) noexcept {
  return value == code::session_expired || value == code::session_moved ||
         value == code::auth_failed || value == code::sasl_required;
}

}  // namespace neli::stores::zookeeper
