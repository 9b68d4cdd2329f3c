// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "engine/realtime.h"

#include <dlfcn.h>

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace perigee {

namespace {

using Switch = void (*)();
Switch guard_on = nullptr;
Switch guard_off = nullptr;

#if defined(__SSE__)
constexpr unsigned kFlush = 0x8040;  // flush to zero, denormals are zero
unsigned long long flush_denormals() {
  const unsigned before = _mm_getcsr();
  _mm_setcsr(before | kFlush);
  return before;
}
void restore(unsigned long long before) { _mm_setcsr(static_cast<unsigned>(before)); }
#elif defined(__aarch64__)
unsigned long long flush_denormals() {
  unsigned long long before = 0;
  asm volatile("mrs %0, fpcr" : "=r"(before));
  asm volatile("msr fpcr, %0" : : "r"(before | (1ULL << 24)));
  return before;
}
void restore(unsigned long long before) { asm volatile("msr fpcr, %0" : : "r"(before)); }
#else
unsigned long long flush_denormals() { return 0; }
void restore(unsigned long long) {}
#endif

}  // namespace

void find_realtime_guard() {
  guard_on = reinterpret_cast<Switch>(dlsym(RTLD_DEFAULT, "perigee_guard_on"));
  guard_off = reinterpret_cast<Switch>(dlsym(RTLD_DEFAULT, "perigee_guard_off"));
}

RealtimeScope::RealtimeScope() noexcept : saved_(flush_denormals()) {
  if (guard_on != nullptr) guard_on();
}

RealtimeScope::~RealtimeScope() {
  if (guard_off != nullptr) guard_off();
  restore(saved_);
}

}  // namespace perigee
