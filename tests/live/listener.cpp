// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A JACK client of its own, for tests: listens to a port for clicks.
//   listener PORT SECONDS [CLICK]
// Prints the largest fourth difference of what it heard, when that was, the frames heard and JACK's xruns. A
// click of one frame has a fourth difference of 6 × its height. Frames that JACK lost are passed over. CLICK:
// one frame, once, is put off by so much, to show that it would be heard.

#include <jack/jack.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <thread>

namespace {

struct Ear {
  jack_client_t* client = nullptr;
  jack_port_t* port = nullptr;
  float click = 0;
  bool started = false;
  jack_nframes_t expected = 0;  // frame time
  double last[4] = {};
  int after_loss = 0;  // frames until the differences are whole again
  long frames = 0, losses = 0;
  double roughest = 0;
  long roughest_at = 0;
  std::atomic<unsigned> xruns{0};

  int process(jack_nframes_t count) {
    const auto* in = static_cast<const float*>(jack_port_get_buffer(port, count));
    const jack_nframes_t now = jack_last_frame_time(client);
    if (started && now != expected) ++losses, after_loss = 4;
    started = true;
    expected = now + count;
    for (jack_nframes_t i = 0; i < count; ++i) {
      const double x = static_cast<double>(in[i]) + (frames == 48000 ? static_cast<double>(click) : 0);
      const double rough = std::abs(x - 4 * last[0] + 6 * last[1] - 4 * last[2] + last[3]);
      last[3] = last[2], last[2] = last[1], last[1] = last[0], last[0] = x;
      ++frames;
      if (after_loss > 0) {
        --after_loss;
      } else if (frames > 4800 && rough > roughest) {  // what it starts with is not meant
        roughest = rough;
        roughest_at = frames;
      }
    }
    return 0;
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  static Ear ear;
  if (argc > 3) ear.click = static_cast<float>(std::atof(argv[3]));
  ear.client = jack_client_open("listener", JackNoStartServer, nullptr);
  if (ear.client == nullptr) return 3;
  ear.port = jack_port_register(ear.client, "in", JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput, 0);
  jack_set_process_callback(
      ear.client, [](jack_nframes_t frames, void* self) { return static_cast<Ear*>(self)->process(frames); },
      &ear);
  jack_set_xrun_callback(
      ear.client, [](void* self) { return ++static_cast<Ear*>(self)->xruns, 0; }, &ear);
  jack_activate(ear.client);
  if (jack_connect(ear.client, argv[1], jack_port_name(ear.port)) != 0) {
    std::fprintf(stderr, "listener: cannot connect %s\n", argv[1]);
    return 1;
  }
  std::printf("listening\n");
  std::fflush(stdout);
  std::this_thread::sleep_for(std::chrono::duration<double>(std::atof(argv[2])));
  jack_deactivate(ear.client);
  jack_client_close(ear.client);
  std::printf("roughness %.6f at %ld, frames %ld, losses %ld, xruns %u\n", ear.roughest, ear.roughest_at,
              ear.frames, ear.losses, ear.xruns.load());
  return 0;
}
