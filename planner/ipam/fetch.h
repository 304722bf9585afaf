#pragma once

namespace cidrplan {

/// Brings the cache line at `place` near, for what will be looked at a few events from now.
inline void fetch(const void* place) { __builtin_prefetch(place); }

/// Likewise by a load whose result nobody waits for: where much is fetched at once, processors drop prefetch
/// instructions. @pre `place` may be read
inline void load_ahead(const void* place) { (void)*static_cast<const volatile char*>(place); }

}  // namespace cidrplan
