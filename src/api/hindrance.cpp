// SPDX-License-Identifier: BSL-1.0
#include <neli/hindrance.hpp>

namespace neli {

std::string_view to_string(hindrance h) noexcept {
  switch (h) {
    case hindrance::none: return "none";
    case hindrance::store: return "store";
    case hindrance::not_synced: return "not_synced";
    case hindrance::behind: return "behind";
    case hindrance::another_leads: return "another_leads";
    case hindrance::not_owner: return "not_owner";
    case hindrance::lease: return "lease";
    case hindrance::abandoned_work: return "abandoned_work";
    case hindrance::stands_back: return "stands_back";
    case hindrance::no_time: return "no_time";
    case hindrance::claiming: return "claiming";
    case hindrance::barrier: return "barrier";
    case hindrance::releasing: return "releasing";
    case hindrance::closing: return "closing";
  }
  return "?";
}

std::string_view sentence(hindrance h) noexcept {
  switch (h) {
    case hindrance::none: return "it leads";
    case hindrance::store: return "the store does not answer, or refuses";
    case hindrance::not_synced: return "too little of the ledger was read to know who leads";
    case hindrance::behind: return "the ledger was not read to its end yet";
    case hindrance::another_leads: return "another candidate leads";
    case hindrance::not_owner: return "the group has not given it the role";
    case hindrance::lease: return "the lease of an earlier leader has to pass";
    case hindrance::abandoned_work:
      return "the lease of its own earlier term has to pass, as work of that term was given up";
    case hindrance::stands_back: return "it stands back and lets others go first";
    case hindrance::no_time: return "it waits for a record that tells the ledger's time";
    case hindrance::claiming: return "its claim is on its way through the ledger";
    case hindrance::barrier: return "its barrier runs";
    case hindrance::releasing: return "its release is on its way";
    case hindrance::closing: return "it is closed, or is being closed";
  }
  return "?";
}

}  // namespace neli
