// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How long a program takes until it sounds: first_sound PORT COMMAND… starts the command, records from PORT
// as soon as it is there, and prints the milliseconds until the first sample that is not zero, and the
// command's memory in KiB. Then the command is interrupted.

#include <fcntl.h>
#include <jack/jack.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <string>
#include <thread>

namespace {

using Clock = std::chrono::steady_clock;

jack_port_t* ear = nullptr;
std::atomic<Clock::rep> heard{0};
std::atomic<bool> came{false};

int listen(jack_nframes_t frames, void*) {
  const auto* samples = static_cast<const float*>(jack_port_get_buffer(ear, frames));
  for (jack_nframes_t i = 0; i < frames && heard == 0; ++i)
    if (samples[i] != 0) heard = Clock::now().time_since_epoch().count();
  return 0;
}

/// KiB of its own; not what it shares with the server, whose ports all lie in one piece of memory.
long resident(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  long sum = 0;
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("RssAnon:") || line.starts_with("RssFile:")) sum += std::stol(line.substr(8));
  return sum;
}

}  // namespace

int main(int argc, char** argv) {
  jack_client_t* client = argc < 3 ? nullptr : jack_client_open("ear", JackNoStartServer, nullptr);
  if (client == nullptr) return 3;
  ear = jack_port_register(client, "in", JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput, 0);
  jack_set_process_callback(client, listen, nullptr);
  jack_set_port_registration_callback(
      client, [](jack_port_id_t, int is_new, void*) { came = came || is_new != 0; }, nullptr);
  jack_activate(client);
  const auto start = Clock::now();
  const pid_t process = fork();
  if (process == 0) {
    const int nowhere = open("/dev/null", O_WRONLY);  // NOLINT(cppcoreguidelines-pro-type-vararg)
    dup2(nowhere, STDOUT_FILENO);
    execv(argv[2], argv + 2);
    _exit(127);
  }
  bool connected = false;
  while (heard == 0 && Clock::now() - start < std::chrono::seconds(10)) {
    if (!connected && came.exchange(false)) connected = jack_connect(client, argv[1], "ear:in") == 0;
    // A port comes before its client may be connected.
    if (!connected) came = came || jack_port_by_name(client, argv[1]) != nullptr;
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  const long memory = resident(process);
  kill(process, SIGINT);
  int status = 0;
  waitpid(process, &status, 0);
  jack_client_close(client);
  if (heard == 0) return 1;
  const std::chrono::duration<double, std::milli> took = Clock::duration(heard) - start.time_since_epoch();
  std::printf("%.1f ms %ld KiB\n", took.count(), memory);
  return status == 0 ? 0 : 1;
}
