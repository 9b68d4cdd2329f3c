// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs an engine whose only node does, on the audio thread, what its argument says: "clean" is nothing. The
// guard's test runs this in a process of its own.

#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "engine/engine.h"
#include "engine/realtime.h"
#include "support/play.h"

using namespace perigee;

namespace {

std::mutex mutex;
pthread_rwlock_t read_write = PTHREAD_RWLOCK_INITIALIZER;
pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
sem_t semaphore;
std::atomic<std::uint32_t> number;
void* volatile memory = std::malloc(16);

const std::map<std::string, std::function<void()>> offences = {
    {"clean", [] {}},
    {"malloc", [] { memory = std::malloc(16); }},
    {"calloc", [] { memory = std::calloc(1, 16); }},
    {"realloc", [] { memory = std::realloc(memory, 32); }},
    {"free", [] { std::free(memory); }},
    {"posix_memalign",
     [] {
       void* got = nullptr;
       if (posix_memalign(&got, 64, 64) == 0) memory = got;
     }},
    {"aligned_alloc", [] { memory = std::aligned_alloc(64, 64); }},
    {"operator new", [] { memory = new int; }},
    {"operator delete", [] { delete static_cast<int*>(memory); }},
    {"pthread_mutex_lock", [] { mutex.lock(); }},
    {"pthread_rwlock_rdlock", [] { pthread_rwlock_rdlock(&read_write); }},
    {"pthread_rwlock_wrlock", [] { pthread_rwlock_wrlock(&read_write); }},
    {"pthread_cond_signal", [] { pthread_cond_signal(&condition); }},
    {"sem_wait", [] { sem_wait(&semaphore); }},
    {"system call getpid", [] { getpid(); }},
    {"system call write",
     [] {
       std::fflush(nullptr);
       [[maybe_unused]] const auto n = write(STDOUT_FILENO, "", 0);
     }},
    {"system call nanosleep", [] { usleep(1); }},
    {"system call futex", [] { syscall(SYS_futex, &number, FUTEX_WAKE_PRIVATE, 1); }},
    {"wake once", [] { wake(number); }},
    {"wake a second time",
     [] {
       wake(number);
       wake(number);
     }},
};

std::function<void()> offence;

class Offender final : public Node {
 public:
  explicit Offender(const Setup&) {}
  void process(const Block& io) noexcept override {
    offence();
    std::fill_n(io.out[0][0], io.frames, 0.F);
  }
  void reset() noexcept override {}
};

constexpr Port out[] = {{"out", "silence"}};
const Spec offender = {.kind = "offender", .out = out, .make = make<Offender>};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 || !offences.contains(argv[1])) return 2;
  sem_init(&semaphore, 0, 1);
  offence = offences.at(argv[1]);
  test::PatchMaker maker;
  maker.output("main", maker.add(offender, {}));
  Engine engine;
  engine.publish(test::make_program(maker.patch));
  std::array<float, kChunk> buffer{};  // one call of the node
  float* channel = buffer.data();
  engine.process(nullptr, 0, &channel, 1, static_cast<int>(buffer.size()));
  // Outside of the scope everything is allowed.
  offence();
  std::puts("done");
  return 0;
}
