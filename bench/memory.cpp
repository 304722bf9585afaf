#include "bench/memory.h"

#include <algorithm>
#include <cstdlib>
#include <malloc.h>
#include <new>

namespace {

std::size_t live = 0;
std::size_t peak = 0;

}  // namespace

// The bench runs in one thread.
void* operator new(std::size_t size) {
  void* const memory = std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc();
  live += malloc_usable_size(memory);
  peak = std::max(peak, live);
  return memory;
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  const auto piece = static_cast<std::size_t>(alignment);
  void* const memory = std::aligned_alloc(piece, (size + piece - 1) / piece * piece);
  if (memory == nullptr) throw std::bad_alloc();
  live += malloc_usable_size(memory);
  peak = std::max(peak, live);
  return memory;
}
void operator delete(void* memory) noexcept {
  if (memory != nullptr) live -= malloc_usable_size(memory);
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { operator delete(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { operator delete(memory); }

namespace cidrplan::bench {

void reset_peak() { peak = live; }
std::size_t peak_bytes() { return peak; }

}  // namespace cidrplan::bench
