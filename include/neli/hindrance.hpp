// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/detail/api.hpp>

#include <string_view>

namespace neli {

/// What keeps a candidate from leading.
enum class hindrance {
  none,            ///< nothing: it leads
  store,           ///< the store does not answer or refuses, see `status::trouble`
  not_synced,      ///< too little of the ledger was read to know who leads
  behind,          ///< the ledger is being read again, and was not read to its end yet
  another_leads,   ///< another candidate leads, or may lead until its lease has passed
  not_owner,       ///< the group has given the role to another member, or to nobody yet
  lease,           ///< nobody leads, and the lease of an earlier leader has to pass
  abandoned_work,  ///< a barrier or task was given up, and its lost lease has to pass
  stands_back,     ///< it resigned, or a claim or barrier failed, and it lets others go first
  no_time,         ///< a record has to tell the ledger's time, from which a token follows
  claiming,        ///< its claim is on its way through the ledger
  barrier,         ///< its barrier runs
  releasing,       ///< its release is on its way
  closing,         ///< it is closed or is being closed
};

/// One word for it, as it is spelled above.
NELI_API std::string_view to_string(hindrance) noexcept;

/// It in a sentence, for people.
NELI_API std::string_view sentence(hindrance) noexcept;

}  // namespace neli
