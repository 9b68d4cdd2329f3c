// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "engine/realtime.h"

#include <dlfcn.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <climits>

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace perigee {

namespace {

using Switch = void (*)();
Switch guard_on = nullptr;
Switch guard_off = nullptr;
/// The guard makes the call itself: nothing else gets past it.
void (*guard_wake)(std::uint32_t*) = nullptr;

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

static_assert(std::atomic<std::uint32_t>::is_always_lock_free);
std::uint32_t* address(std::atomic<std::uint32_t>& number) {
  return reinterpret_cast<std::uint32_t*>(&number);
}

}  // namespace

void find_realtime_guard() {
  guard_on = reinterpret_cast<Switch>(dlsym(RTLD_DEFAULT, "perigee_guard_on"));
  guard_off = reinterpret_cast<Switch>(dlsym(RTLD_DEFAULT, "perigee_guard_off"));
  guard_wake = reinterpret_cast<decltype(guard_wake)>(dlsym(RTLD_DEFAULT, "perigee_guard_wake"));
}

void wake(std::atomic<std::uint32_t>& number) noexcept {
  if (guard_wake != nullptr)
    guard_wake(address(number));
  else
    syscall(SYS_futex, address(number), FUTEX_WAKE_PRIVATE, INT_MAX);
}

void sleep(std::atomic<std::uint32_t>& number, std::uint32_t before) noexcept {
  syscall(SYS_futex, address(number), FUTEX_WAIT_PRIVATE, before, nullptr);
}

void give_way() noexcept {
  if (guard_on == nullptr) sched_yield();
}

FlushedDenormals::FlushedDenormals() noexcept : saved_(flush_denormals()) {}

FlushedDenormals::~FlushedDenormals() { restore(saved_); }

RealtimeScope::RealtimeScope() noexcept {
  if (guard_on != nullptr) guard_on();
}

RealtimeScope::~RealtimeScope() {
  if (guard_off != nullptr) guard_off();
}

}  // namespace perigee
