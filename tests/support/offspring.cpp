// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "support/offspring.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <ctime>
#include <exception>
#include <new>
#include <stdexcept>
#include <thread>

namespace perigee::test {

namespace {

constexpr int kFailed = 99;
/// Nothing is computed that long: it waits for something that does not come.
constexpr auto kForEver = std::chrono::minutes(3);

double processor_seconds() {
  timespec time = {};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

std::size_t most_resident() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::size_t>(usage.ru_maxrss) * 1024;
}

/// What parent and child both see.
struct Board {
  std::atomic<std::uint64_t> number{0}, steps{0};
  char doing[16384] = "";
  char words[16384] = "";
};

void write_on(char (&board)[16384], const std::string& text) {
  const std::size_t length = std::min(text.size(), sizeof board - 1);
  std::memcpy(board, text.data(), length);
  board[length] = '\0';
}

class Child final : public Watcher {
 public:
  Child(Board& board, const Limits& limits) : board_(board), limits_(limits) {}

  void step(const std::string& what) override {
    const double now = processor_seconds();
    if (before_ > 0 && now - before_ > limits_.seconds)
      fail(fmt::format("took {:.1f} s of processor time", now - before_));
    if (most_resident() > limits_.bytes) fail(fmt::format("took {} MiB of memory", most_resident() >> 20U));
    before_ = now;
    write_on(board_.doing, what);
    ++board_.steps;
  }
  [[noreturn]] void fail(const std::string& words) {
    write_on(board_.words, fmt::format("{}\nlast: {}", words, board_.doing));
    _exit(kFailed);
  }

 private:
  Board& board_;
  const Limits& limits_;
  double before_ = 0;
};

[[noreturn]] void run_child(Board& board, std::uint64_t end, const Limits& limits, const Case& one,
                            bool quiet) {
  if (const int null = open("/dev/null", O_WRONLY); quiet && null >= 0) dup2(null, STDERR_FILENO);
  Child child(board, limits);
  for (; board.number < end; ++board.number) {
    child.step("begins");
    std::string words;
    try {
      words = one(board.number, child);
    } catch (const std::exception& error) {
      words = fmt::format("exception: {}", error.what());
    }
    if (!words.empty()) child.fail(words);
    child.step("ended");
  }
  _exit(0);
}

/// How it ended: empty if well.
std::string wait_for(pid_t child, Board& board) {
  auto since = std::chrono::steady_clock::now();
  for (std::uint64_t seen = board.steps;; std::this_thread::sleep_for(std::chrono::milliseconds(2))) {
    int status = 0;
    if (waitpid(child, &status, WNOHANG) == child) {
      if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
      if (WIFEXITED(status) && WEXITSTATUS(status) == kFailed) return board.words;
      if (WIFSIGNALED(status))
        return fmt::format("ended by signal {}\nlast: {}", WTERMSIG(status), board.doing);
      return fmt::format("left with {}\nlast: {}", WEXITSTATUS(status), board.doing);
    }
    if (const std::uint64_t steps = board.steps; steps != seen) {
      seen = steps;
      since = std::chrono::steady_clock::now();
    } else if (std::chrono::steady_clock::now() - since > kForEver) {
      kill(child, SIGKILL);
      waitpid(child, &status, 0);
      return fmt::format("hangs\nlast: {}", board.doing);
    }
  }
}

}  // namespace

std::vector<Verdict> failures(std::uint64_t first, std::uint64_t count, const Limits& limits, const Case& one,
                              bool quiet, std::size_t most) {
  void* shared = mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) throw std::runtime_error("no shared memory");
  Board& board = *new (shared) Board();
  board.number = first;
  const std::uint64_t end = first + count;
  std::vector<Verdict> verdicts;
  // A process does not grow old: what one case leaves behind is not the next one's.
  constexpr std::uint64_t kGeneration = 50;
  while (board.number < end && verdicts.size() < most) {
    const pid_t child = fork();
    if (child < 0) throw std::runtime_error("no process");
    if (child == 0) run_child(board, std::min(end, board.number + kGeneration), limits, one, quiet);
    if (std::string words = wait_for(child, board); !words.empty()) {
      verdicts.push_back({board.number, std::move(words)});
      ++board.number;
    }
  }
  munmap(shared, sizeof(Board));
  return verdicts;
}

}  // namespace perigee::test
