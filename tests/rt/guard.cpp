// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The guard: preloaded into a process, it ends it as soon as the audio thread allocates, frees, locks, waits
// or enters the kernel. The engine finds perigee_guard_on and perigee_guard_off by name and stands between
// them while it runs.
//
// Memory and locks are interposed. System calls, which may be anywhere, are trapped by the kernel itself
// (Syscall User Dispatch, Linux 5.11): one byte a thread says whether they are let through, so that switching
// costs nothing.

#include <dlfcn.h>
#include <execinfo.h>
#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <climits>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

#ifndef PR_SET_SYSCALL_USER_DISPATCH
#define PR_SET_SYSCALL_USER_DISPATCH 59
#define PR_SYS_DISPATCH_ON 1
#endif

// glibc's own, under the names that it keeps for those who interpose.
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void __libc_free(void*);
}

namespace {

constexpr char kAllow = 0, kBlock = 1;  // as the kernel reads them

/// Initial-exec: reading these must not allocate.
#define PER_THREAD static thread_local __attribute__((tls_model("initial-exec")))
PER_THREAD int depth = 0;
PER_THREAD bool dispatching = false;
PER_THREAD bool woke = false;
PER_THREAD volatile char selector = kAllow;

std::atomic<unsigned long> scopes{0};

void say(const char* text) {
  [[maybe_unused]] const auto written = write(STDERR_FILENO, text, std::strlen(text));
}

[[noreturn]] void trap(const char* what, const char* detail = "") {
  selector = kAllow;
  depth = 0;
  say("guard: the audio thread called ");
  say(what);
  say(detail);
  say("\n");
  std::array<void*, 64> frames{};
  backtrace_symbols_fd(frames.data(), backtrace(frames.data(), frames.size()), STDERR_FILENO);
  std::abort();
}

void check(const char* what) {
  if (depth > 0) trap(what);
}

const char* name_of(long number) {
  switch (number) {
    case SYS_read:
      return "read";
    case SYS_write:
      return "write";
    case SYS_close:
      return "close";
    case SYS_openat:
      return "openat";
    case SYS_mmap:
      return "mmap";
    case SYS_munmap:
      return "munmap";
    case SYS_mprotect:
      return "mprotect";
    case SYS_brk:
      return "brk";
    case SYS_futex:
      return "futex";
    case SYS_nanosleep:
      return "nanosleep";
    case SYS_clock_nanosleep:
      return "clock_nanosleep";
    case SYS_clock_gettime:
      return "clock_gettime";
    case SYS_sched_yield:
      return "sched_yield";
    case SYS_getpid:
      return "getpid";
    case SYS_gettid:
      return "gettid";
    case SYS_ppoll:
      return "ppoll";
    case SYS_sendmsg:
      return "sendmsg";
    case SYS_sendto:
      return "sendto";
    case SYS_recvmsg:
      return "recvmsg";
    case SYS_rt_sigreturn:
      return "rt_sigreturn";
    default:
      return nullptr;
  }
}

void on_system_call(int, siginfo_t* info, void*) {
  selector = kAllow;
  if (const char* name = name_of(info->si_syscall)) trap("system call ", name);
  std::array<char, 16> digits{};
  std::to_chars(digits.data(), digits.data() + digits.size() - 1, info->si_syscall);
  trap("system call ", digits.data());
}

void ask_kernel() {
  dispatching = true;
  if (prctl(PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON, 0, 0, &selector) == 0) return;
  static std::atomic_flag said;
  if (!said.test_and_set())
    say("guard: this kernel does not let system calls be trapped; memory and locks still are\n");
}

template <typename Function>
Function* next(const char* name, const char* version = nullptr) {
  void* found = version == nullptr ? nullptr : dlvsym(RTLD_NEXT, name, version);
  return reinterpret_cast<Function*>(found == nullptr ? dlsym(RTLD_NEXT, name) : found);
}

/// Conditions changed their layout long ago; by name alone the old ones might be found.
#if defined(__x86_64__)
constexpr const char* kConditions = "GLIBC_2.3.2";
#else
constexpr const char* kConditions = nullptr;
#endif

__attribute__((constructor)) void prepare() {
  std::array<void*, 4> frames{};
  backtrace(frames.data(), frames.size());  // loads its library now, not in a trap
  struct sigaction action {};
  action.sa_sigaction = on_system_call;
  action.sa_flags = SA_SIGINFO | SA_NODEFER;
  sigaction(SIGSYS, &action, nullptr);
}

}  // namespace

#define EXPORT __attribute__((visibility("default")))

extern "C" {

EXPORT void perigee_guard_on() {
  if (!dispatching) ask_kernel();
  scopes.fetch_add(1, std::memory_order_relaxed);
  if (++depth == 1) woke = false;
  selector = kBlock;
}
EXPORT void perigee_guard_off() {
  if (--depth == 0) selector = kAllow;
}
/// The one system call that the audio thread may make, and only once: it wakes those who help it.
EXPORT void perigee_guard_wake(std::uint32_t* number) {
  if (depth > 0 && woke) trap("wake a second time");
  woke = true;
  const char before = selector;
  selector = kAllow;
  syscall(SYS_futex, number, FUTEX_WAKE_PRIVATE, INT_MAX);
  selector = before;
}
/// How often it has been on, so that a test can tell that it was guarded at all.
EXPORT unsigned long perigee_guard_scopes() { return scopes; }

// ── Memory ──

EXPORT void* malloc(std::size_t size) {
  check("malloc");
  return __libc_malloc(size);
}
EXPORT void* calloc(std::size_t count, std::size_t size) {
  check("calloc");
  return __libc_calloc(count, size);
}
EXPORT void* realloc(void* old, std::size_t size) {
  check("realloc");
  return __libc_realloc(old, size);
}
EXPORT void free(void* memory) {
  check("free");
  __libc_free(memory);
}
EXPORT void* aligned_alloc(std::size_t alignment, std::size_t size) {
  check("aligned_alloc");
  return __libc_memalign(alignment, size);
}
EXPORT void* memalign(std::size_t alignment, std::size_t size) {
  check("memalign");
  return __libc_memalign(alignment, size);
}
EXPORT int posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
  check("posix_memalign");
  *memory = __libc_memalign(alignment, size);
  return *memory == nullptr ? ENOMEM : 0;
}

// ── Locks and waiting ──

#define INTERPOSE(name, version, parameters, arguments)             \
  EXPORT int name parameters {                                      \
    check(#name);                                                   \
    static auto* const real = next<int parameters>(#name, version); \
    return real arguments;                                          \
  }

INTERPOSE(pthread_mutex_lock, nullptr, (pthread_mutex_t * mutex), (mutex))
INTERPOSE(pthread_mutex_timedlock, nullptr, (pthread_mutex_t * mutex, const timespec* time), (mutex, time))
INTERPOSE(pthread_rwlock_rdlock, nullptr, (pthread_rwlock_t * lock), (lock))
INTERPOSE(pthread_rwlock_wrlock, nullptr, (pthread_rwlock_t * lock), (lock))
INTERPOSE(pthread_cond_wait, kConditions, (pthread_cond_t * condition, pthread_mutex_t* mutex),
          (condition, mutex))
INTERPOSE(pthread_cond_timedwait, kConditions,
          (pthread_cond_t * condition, pthread_mutex_t* mutex, const timespec* time),
          (condition, mutex, time))
INTERPOSE(pthread_cond_signal, kConditions, (pthread_cond_t * condition), (condition))
INTERPOSE(pthread_cond_broadcast, kConditions, (pthread_cond_t * condition), (condition))
INTERPOSE(sem_wait, nullptr, (sem_t * semaphore), (semaphore))
INTERPOSE(sem_timedwait, nullptr, (sem_t * semaphore, const timespec* time), (semaphore, time))

}  // extern "C"

EXPORT void* operator new(std::size_t size) {
  check("operator new");
  for (;;) {
    if (void* memory = __libc_malloc(size == 0 ? 1 : size)) return memory;
    const std::new_handler handler = std::get_new_handler();
    if (handler == nullptr) throw std::bad_alloc();
    handler();
  }
}
EXPORT void operator delete(void* memory) noexcept {
  check("operator delete");
  __libc_free(memory);
}
EXPORT void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }
