// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A JACK client of its own, for tests: listens to a port for clicks.
//   listener PORT CLOCK SECONDS [CLICK]
// Prints the largest fourth difference of what it heard, in how many clean seconds, and JACK's xruns. A click
// of one frame has a fourth difference of 6 × its height. CLOCK is a port on which a sine plays that nobody
// touches: where that has a step, or an xrun is told, the server lost a period, and what is around is left
// out. CLICK: one frame in each tenth of a second is put off by so much, to show that it would be heard.

#include <jack/jack.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

namespace {

constexpr long kWindow = 4800;      // frames
constexpr std::size_t kAround = 2;  // windows: what happens in one may be told a little later

struct Window {
  double roughest = 0;
  bool lost = false;
};

/// The largest is small for what is smooth.
struct FourthDifference {
  double last[4] = {};
  double operator()(double x) {
    const double rough = std::abs(x - 4 * last[0] + 6 * last[1] - 4 * last[2] + last[3]);
    last[3] = last[2], last[2] = last[1], last[1] = last[0], last[0] = x;
    return rough;
  }
};

constexpr double kStep = 1e-4;  // in the clock: 1e-6 is its own

struct Ear {
  jack_client_t* client = nullptr;
  jack_port_t *port = nullptr, *clock_port = nullptr;
  float click = 0;
  std::vector<Window> windows;
  jack_nframes_t expected = 0;  // frame time
  FourthDifference sound, clock;
  long frames = 0;
  std::atomic<unsigned> xruns{0};
  unsigned seen = 0;  // of them

  int process(jack_nframes_t count) {
    const auto* in = static_cast<const float*>(jack_port_get_buffer(port, count));
    const auto* tick = static_cast<const float*>(jack_port_get_buffer(clock_port, count));
    const jack_nframes_t now = jack_last_frame_time(client);
    Window& window = windows[std::min(static_cast<std::size_t>(frames / kWindow), windows.size() - 1)];
    const unsigned so_far = xruns;
    if ((frames > 0 && now != expected) || so_far != seen) window.lost = true;
    seen = so_far;
    expected = now + count;
    for (jack_nframes_t i = 0; i < count; ++i) {
      const bool clicks = frames % kWindow == kWindow / 2;
      const double rough = sound(static_cast<double>(in[i]) + (clicks ? static_cast<double>(click) : 0));
      if (clock(static_cast<double>(tick[i])) > kStep) window.lost = true;
      ++frames;
      window.roughest = std::max(window.roughest, rough);
    }
    return 0;
  }

  void tell() const {
    double roughest = 0;
    std::size_t clean = 0;
    // The first second is that of connecting, the last window not whole.
    const auto whole = static_cast<std::size_t>(frames / kWindow);
    for (std::size_t i = 10; i + kAround < whole; ++i) {
      const auto around = windows.begin() + static_cast<std::ptrdiff_t>(i - kAround);
      if (std::any_of(around, around + 2 * kAround + 1, [](const Window& one) { return one.lost; })) continue;
      ++clean;
      roughest = std::max(roughest, windows[i].roughest);
    }
    std::printf("roughness %.7f, clean %.1f, frames %ld, xruns %u\n", roughest,
                static_cast<double>(clean) * kWindow / 48000, frames, xruns.load());
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  static Ear ear;
  ear.windows.resize(static_cast<std::size_t>(std::atof(argv[3]) * 10) + 20);
  if (argc > 4) ear.click = static_cast<float>(std::atof(argv[4]));
  ear.client = jack_client_open("listener", JackNoStartServer, nullptr);
  if (ear.client == nullptr) return 3;
  ear.port = jack_port_register(ear.client, "in", JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput, 0);
  ear.clock_port = jack_port_register(ear.client, "clock", JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput, 0);
  jack_set_process_callback(
      ear.client, [](jack_nframes_t frames, void* self) { return static_cast<Ear*>(self)->process(frames); },
      &ear);
  jack_set_xrun_callback(
      ear.client, [](void* self) { return ++static_cast<Ear*>(self)->xruns, 0; }, &ear);
  jack_activate(ear.client);
  if (jack_connect(ear.client, argv[1], jack_port_name(ear.port)) != 0 ||
      jack_connect(ear.client, argv[2], jack_port_name(ear.clock_port)) != 0) {
    std::fprintf(stderr, "listener: cannot connect %s and %s\n", argv[1], argv[2]);
    return 1;
  }
  std::printf("listening\n");
  std::fflush(stdout);
  std::this_thread::sleep_for(std::chrono::duration<double>(std::atof(argv[3])));
  jack_deactivate(ear.client);
  jack_client_close(ear.client);
  ear.tell();
  return 0;
}
