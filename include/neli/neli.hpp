// SPDX-License-Identifier: BSL-1.0
// Everything but what is for tests, and the stores other than Kafka.
#pragma once

#include <neli/arbitration.hpp>
#include <neli/background_task.hpp>
#include <neli/candidate.hpp>
#include <neli/clock.hpp>
#include <neli/config.hpp>
#include <neli/error.hpp>
#include <neli/event.hpp>
#include <neli/event_stream.hpp>
#include <neli/follower.hpp>
#include <neli/guard.hpp>
#include <neli/hindrance.hpp>
#include <neli/lead_options.hpp>
#include <neli/logging.hpp>
#include <neli/observer.hpp>
#include <neli/session.hpp>
#include <neli/status.hpp>
#include <neli/store.hpp>
#include <neli/stores/kafka.hpp>
#include <neli/term.hpp>
#include <neli/version.hpp>
