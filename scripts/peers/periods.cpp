// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Preloaded into a JACK client: takes the time of each of its periods, and looks whether there is sound on
// one of its ports. PERIODS_FILE says where that is written, as periods.py reads it; PERIODS_PORT names the
// port, without the client.

#include <dlfcn.h>
#include <fcntl.h>
#include <jack/jack.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace {

struct Period {
  std::int64_t begin;    // ns of CLOCK_MONOTONIC
  std::uint32_t took;    // ns from call to return
  std::uint32_t sounds;  // 1: on the port, a sample was not zero
};

constexpr std::uint64_t kRoom = 1 << 20;  // periods: 23 minutes of 64 frames

struct Log {
  std::atomic<std::uint64_t> count;
  std::atomic<std::uint64_t> xruns;
  Period periods[kRoom];
};

Log* open_log() {
  const char* name = std::getenv("PERIODS_FILE");
  const int file = name == nullptr ? -1 : open(name, O_RDWR | O_CREAT, 0600);
  if (file < 0 || ftruncate(file, sizeof(Log)) != 0) return nullptr;
  // All of it is there before the first period: no page is fetched while it plays.
  void* memory = mmap(nullptr, sizeof(Log), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, file, 0);
  close(file);
  return memory == MAP_FAILED ? nullptr : static_cast<Log*>(memory);
}

Log* const log = open_log();
JackProcessCallback their_process = nullptr;
void* their_argument = nullptr;
std::atomic<jack_port_t*> port{nullptr};

std::int64_t now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * std::int64_t{1000000000} + time.tv_nsec;
}

int process(jack_nframes_t frames, void*) {
  const std::int64_t begin = now();
  const int result = their_process(frames, their_argument);
  const std::int64_t end = now();
  const std::uint64_t count = log->count.load(std::memory_order_relaxed);
  if (count == kRoom) return result;
  Period& period = log->periods[count];
  period = {begin, static_cast<std::uint32_t>(end - begin), 0};
  if (jack_port_t* marked = port) {
    const auto* samples = static_cast<const float*>(jack_port_get_buffer(marked, frames));
    period.sounds = std::any_of(samples, samples + frames, [](float sample) { return sample != 0; }) ? 1 : 0;
  }
  log->count.store(count + 1, std::memory_order_release);
  return result;
}

template <class Function>
Function* real(Function*, const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

// In the place of the library's.

extern "C" int jack_set_process_callback(jack_client_t* client, JackProcessCallback callback,
                                         void* argument) {
  static const auto theirs = real(&jack_set_process_callback, "jack_set_process_callback");
  if (log == nullptr || callback == nullptr) return theirs(client, callback, argument);
  their_process = callback, their_argument = argument;
  return theirs(client, process, nullptr);
}

extern "C" jack_port_t* jack_port_register(jack_client_t* client, const char* name, const char* type,
                                           unsigned long flags, unsigned long size) {
  static const auto theirs = real(&jack_port_register, "jack_port_register");
  jack_port_t* made = theirs(client, name, type, flags, size);
  const char* wanted = std::getenv("PERIODS_PORT");
  if (wanted != nullptr && std::strcmp(name, wanted) == 0) port = made;
  return made;
}

extern "C" int jack_activate(jack_client_t* client) {
  static const auto theirs = real(&jack_activate, "jack_activate");
  if (log != nullptr)
    jack_set_xrun_callback(
        client, [](void*) { return ++log->xruns, 0; }, nullptr);
  return theirs(client);
}
