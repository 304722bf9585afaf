#pragma once

#include "models/calico/block_store.h"
#include "models/calico/config.h"
#include "models/calico/host_table.h"
#include "models/calico/labels.h"
#include "models/calico/pool_table.h"
#include "models/calico/reservations.h"

namespace cidrplan::calico {

/// All that is stored, and how a block looks to whoever reads it.
///
/// Reading a block frees, in the reader's copy, the ordinals whose cooldown has passed (P33); what is stored
/// changes only when the block is written. Hence "as read at a time" here, and "as stored" in Block.
struct Datastore {
  explicit Datastore(const Options& how) : options(how), store(how.keep_sequence_numbers) {}

  Options options;
  Config config;
  LabelSets labels;
  HostTable hosts;
  PoolTable pools;
  Reservations reservations;
  BlockStore store;

  const Pool& pool(PoolId id) const { return pools[id]; }
  bool is_p33() const { return options.profile == Profile::p33; }

  /// Ordinals that were released before this moment are as good as free.
  SimTime cold_before(SimTime now) const {
    // With the cooldown switched off every stamp left over is old enough, even one of the same second.
    return config.cooldown.ms == 0 ? SimTime::never() : now - config.cooldown;
  }
  /// The free ordinals that no reservation covers, as read at that time.
  std::uint32_t free_addresses(BlockId block, SimTime now) const {
    const auto& stored = store[block];
    return stored.cooling() == 0 && reservations.empty() ? stored.free() : look_for_free(block, now);
  }
  /// Nothing in use but what Windows keeps, as read at that time.
  bool is_empty(BlockId block, SimTime now) const;
  /// Reservations leave none of its addresses.
  bool is_reserved(BlockId block) const {
    return !reservations.empty() && reservations.covers(store[block].cidr());
  }

 private:
  std::uint32_t look_for_free(BlockId block, SimTime now) const;
};

}  // namespace cidrplan::calico
