// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>
#include <sys/wait.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <string>

// The guard itself has to be trusted: each offence, done by a node in a real engine, must end its process.

namespace {

struct Outcome {
  int status = 0;
  std::string text;
};

Outcome run_offender(const std::string& offence) {
  const std::string command = "LD_PRELOAD='" + std::string(PERIGEE_GUARD) + "' exec '" + PERIGEE_OFFENDER +
                              "' '" + offence + "' 2>&1";
  std::FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  Outcome outcome;
  std::array<char, 4096> part{};
  while (const std::size_t n = std::fread(part.data(), 1, part.size(), pipe))
    outcome.text.append(part.data(), n);
  outcome.status = pclose(pipe);
  return outcome;
}

}  // namespace

TEST_CASE(
    "a clean node runs, workers are woken, and outside of the audio thread's scope nothing is trapped") {
  for (const char* offence : {"clean", "wake once"}) {
    CAPTURE(offence);
    const Outcome outcome = run_offender(offence);
    CAPTURE(outcome.text);
    CHECK(outcome.status == 0);
    CHECK(outcome.text == "done\n");
  }
}

TEST_CASE("every offence is trapped and named") {
  for (const char* offence :
       {"malloc", "calloc", "realloc", "free", "posix_memalign", "aligned_alloc", "operator new",
        "operator delete", "pthread_mutex_lock", "pthread_rwlock_rdlock", "pthread_rwlock_wrlock",
        "pthread_cond_signal", "sem_wait", "system call getpid", "system call write", "system call nanosleep",
        "system call futex", "wake a second time"}) {
    CAPTURE(offence);
    const Outcome outcome = run_offender(offence);
    CAPTURE(outcome.text);
    if (outcome.text.find("does not let system calls be trapped") != std::string::npos &&
        std::string(offence).starts_with("system call")) {
      WARN_MESSAGE(false, "this kernel cannot trap system calls");
      continue;
    }
    // The library calls may be inlined into each other, the kernel's may have newer names.
    const std::string expected = std::string("guard: the audio thread called ") +
                                 (std::string(offence) == "system call nanosleep" ? "system call " : offence);
    CHECK(outcome.text.find(expected) != std::string::npos);
    CHECK(outcome.text.find("process") != std::string::npos);  // the way there
    CHECK(outcome.text.find("done") == std::string::npos);
    CHECK((WIFSIGNALED(outcome.status) && WTERMSIG(outcome.status) == SIGABRT));
  }
}
