// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/detail/api.hpp>

#include <memory>

namespace spdlog {
class logger;
}

namespace neli {

/// A logger that drops everything, for `config::logger`.
///
/// What is logged at which level otherwise: `error` what ended a candidate or broke a promise of
/// the user's (a barrier that threw); `warn` what the operator should know of (fenced, brokers out
/// of reach, a topic that is not set up for safety); `info` each change of leadership of this
/// candidate, the names it works under, the end of a trouble; `debug` who leads, and the rest.
/// librdkafka's lines keep their own levels. Each line is explained in docs/operations.md.
NELI_API std::shared_ptr<spdlog::logger> no_logger();

}  // namespace neli
