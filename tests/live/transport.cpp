// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A JACK client of its own, for tests: moves JACK's transport, and tells at which of its frames a port of
// another program rises above 0.
//   transport PORT STEP…
// Steps are: lead=TEMPO,FRAME,TEMPO (the timebase master: one tempo up to a frame of the transport, then the
// other, beats a minute), start, stop, locate=FRAME, roll=FRAMES, pause=FRAMES. Prints, in their order:
//   roll FRAME      from here on it rolls, having stood or jumped
//   stop FRAME      here it stands
//   on FRAME        the port rises
//   still           it rises while nothing rolls
//   beat FRAME BEAT TEMPO   what the master says of a frame, whenever that is another beat or tempo

#include <jack/jack.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

namespace {

struct Line {
  const char* what = nullptr;
  double frame = 0, beat = 0, tempo = 0;
};

std::vector<Line> lines(100000);
std::atomic<std::size_t> written{0};
std::atomic<std::int64_t> rolled{0}, run{0};  ///< frames

jack_client_t* client = nullptr;
jack_port_t* port = nullptr;
double tempo_before = 120, tempo_after = 120, change = 0;

void write(const Line& line) {
  if (written < lines.size()) lines[written++] = line;
}

int process(jack_nframes_t frames, void*) {
  static bool was_rolling = false, was_on = false;
  static jack_nframes_t expected = 0;
  static double last_beat = -1, last_tempo = 0;
  jack_position_t at{};
  const bool rolling = jack_transport_query(client, &at) == JackTransportRolling;
  const double frame = at.frame;
  if (rolling && (!was_rolling || at.frame != expected)) write({"roll", frame});
  if (!rolling && was_rolling) write({"stop", static_cast<double>(expected)});
  if (rolling && (at.valid & JackPositionBBT) != 0) {
    const double tick = (at.valid & JackTickDouble) != 0 ? at.tick_double : at.tick;
    const double beat = (at.bar - 1) * static_cast<double>(at.beats_per_bar) + at.beat - 1;
    if (beat != last_beat || at.beats_per_minute != last_tempo)
      write({"beat", frame, beat + tick / at.ticks_per_beat, at.beats_per_minute});
    last_beat = beat;
    last_tempo = at.beats_per_minute;
  }
  const auto* in = static_cast<const float*>(jack_port_get_buffer(port, frames));
  for (jack_nframes_t i = 0; i < frames; ++i) {
    const bool on = in[i] > 0;
    if (on && !was_on) write({rolling ? "on" : "still", frame + i});
    was_on = on;
  }
  was_rolling = rolling;
  expected = at.frame + (rolling ? frames : 0);
  rolled += rolling ? frames : 0;
  run += frames;
  return 0;
}

void lead(jack_transport_state_t, jack_nframes_t, jack_position_t* at, int, void*) {
  const double frame = at->frame, before = std::min(frame, change), after = std::max(0.0, frame - change);
  const double beat = (before * tempo_before + after * tempo_after) / (60.0 * at->frame_rate);
  at->valid = static_cast<jack_position_bits_t>(JackPositionBBT | JackTickDouble);
  at->beats_per_bar = at->beat_type = 4;
  at->ticks_per_beat = 960;
  at->bar = static_cast<std::int32_t>(beat / 4) + 1;
  at->beat = static_cast<std::int32_t>(std::fmod(beat, 4)) + 1;
  at->tick_double = (beat - std::floor(beat)) * at->ticks_per_beat;
  at->tick = static_cast<std::int32_t>(at->tick_double);
  at->beats_per_minute = frame < change ? tempo_before : tempo_after;
}

void wait(const std::atomic<std::int64_t>& count, double frames) {
  const auto end = count + static_cast<std::int64_t>(frames);
  for (int i = 0; i < 4000 && count < end; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  if (count >= end) return;
  std::fprintf(stderr, "transport: the server does not get on\n");
  std::exit(3);
}

}  // namespace

int main(int argc, char** argv) {
  client = argc < 3 ? nullptr : jack_client_open("transport", JackNoStartServer, nullptr);
  if (client == nullptr) return 3;
  port = jack_port_register(client, "in", JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput, 0);
  jack_set_process_callback(client, process, nullptr);
  jack_activate(client);
  if (jack_connect(client, argv[1], jack_port_name(port)) != 0) return 1;
  for (int i = 2; i < argc; ++i) {
    const std::string step = argv[i];
    const std::string word = step.substr(0, step.find('='));
    const char* rest = argv[i] + std::min(step.size(), word.size() + 1);
    if (word == "lead") {
      if (std::sscanf(rest, "%lf,%lf,%lf", &tempo_before, &change, &tempo_after) != 3) return 2;
      if (jack_set_timebase_callback(client, 0, lead, nullptr) != 0) return 1;
    } else if (word == "start") {
      jack_transport_start(client);
    } else if (word == "stop") {
      jack_transport_stop(client);
      wait(run, 1024);
    } else if (word == "locate") {
      jack_transport_locate(client, static_cast<jack_nframes_t>(std::atol(rest)));
    } else if (word == "roll") {
      wait(rolled, std::atof(rest));
    } else if (word == "pause") {
      wait(run, std::atof(rest));
    } else {
      return 2;
    }
  }
  jack_deactivate(client);
  for (std::size_t i = 0; i < written; ++i) {
    const Line& line = lines[i];
    std::printf("%s %.0f", line.what, line.frame);
    if (line.tempo > 0) std::printf(" %.9f %.6f", line.beat, line.tempo);
    std::printf("\n");
  }
  std::fflush(stdout);
  jack_client_close(client);
}
