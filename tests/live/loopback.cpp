// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A JACK client of its own, for tests: plays a sound file into ports and records from ports, to the frame.
//   loopback IN.wav TO,TO… OUT.wav FROM,FROM… [AFTER] [freewheel]
// Lane n of IN goes to the n-th port TO. Recording starts with the frame in which playing starts, AFTER
// frames after all is connected, and ends with the file. Two clients, so that nothing goes in a circle: what
// plays runs first, what records runs last in every cycle; JACK's frame time is what they agree on.

#include <jack/jack.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <sndfile.hh>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr std::int64_t kNotYet = -1;

std::vector<std::string> list(const std::string& text) {
  std::vector<std::string> names;
  std::stringstream stream(text);
  for (std::string name; std::getline(stream, name, ',');) names.push_back(name);
  return names;
}

struct Tape {
  std::vector<std::vector<float>> lanes;
  std::int64_t frames = 0;
};

std::atomic<std::int64_t> start{kNotYet};  // frame time
std::atomic<bool> go{false};
std::atomic<unsigned> xruns{0};

struct End {
  jack_client_t* client = nullptr;
  std::vector<jack_port_t*> ports;
  Tape tape;
  bool plays = false;
  std::int64_t after = 0;
  std::atomic<bool> done{false};

  void open(const char* name, unsigned lanes) {
    client = jack_client_open(name, JackNoStartServer, nullptr);
    if (client == nullptr) {
      std::fprintf(stderr, "loopback: no JACK server\n");
      std::exit(3);
    }
    for (unsigned lane = 0; lane < lanes; ++lane)
      ports.push_back(jack_port_register(client, ("lane_" + std::to_string(lane + 1)).c_str(),
                                         JACK_DEFAULT_AUDIO_TYPE, plays ? JackPortIsOutput : JackPortIsInput,
                                         0));
    jack_set_process_callback(
        client, [](jack_nframes_t frames, void* self) { return static_cast<End*>(self)->process(frames); },
        this);
    jack_set_xrun_callback(
        client, [](void*) { return ++xruns, 0; }, nullptr);
    jack_activate(client);
  }

  int process(jack_nframes_t frames) {
    const std::int64_t now = jack_last_frame_time(client);
    if (plays && go && start == kNotYet) start = now + after;
    for (std::size_t lane = 0; lane < ports.size(); ++lane) {
      auto* buffer = static_cast<float*>(jack_port_get_buffer(ports[lane], frames));
      if (plays) std::memset(buffer, 0, frames * sizeof(float));
      if (start == kNotYet) continue;
      for (std::int64_t i = 0; i < frames; ++i) {
        const std::int64_t at = now + i - start;
        if (at < 0 || at >= tape.frames) continue;
        float& taped = tape.lanes[lane][static_cast<std::size_t>(at)];
        (plays ? buffer[i] : taped) = plays ? taped : buffer[i];
      }
    }
    if (start != kNotYet && now + frames >= start + tape.frames) done = true;
    return 0;
  }
};

void connect(const char* from, const char* to, jack_client_t* client) {
  const int result = jack_connect(client, from, to);
  if (result == 0 || result == EEXIST) return;
  std::fprintf(stderr, "loopback: cannot connect %s to %s\n", from, to);
  std::exit(1);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  const auto to = list(argv[2]), from = list(argv[4]);
  static End player, recorder;
  SndfileHandle file(argv[1]);
  const auto lanes = static_cast<std::size_t>(file.channels());
  if (file.frames() == 0 || lanes < to.size()) return 1;
  std::vector<float> interleaved(static_cast<std::size_t>(file.frames()) * std::max(lanes, from.size()));
  file.readf(interleaved.data(), file.frames());
  const auto frames = static_cast<std::size_t>(file.frames());
  player.plays = true;
  player.after = argc > 5 ? std::atoi(argv[5]) : 4096;
  player.tape = {std::vector(lanes, std::vector<float>(frames)), file.frames()};
  recorder.tape = {std::vector(from.size(), std::vector<float>(frames)), file.frames()};
  for (std::size_t i = 0; i < frames * lanes; ++i) player.tape.lanes[i % lanes][i / lanes] = interleaved[i];

  recorder.open("recorder", static_cast<unsigned>(from.size()));
  player.open("player", static_cast<unsigned>(to.size()));
  for (std::size_t i = 0; i < to.size(); ++i)
    connect(jack_port_name(player.ports[i]), to[i].c_str(), player.client);
  for (std::size_t i = 0; i < from.size(); ++i)
    connect(from[i].c_str(), jack_port_name(recorder.ports[i]), recorder.client);
  if (argc > 6) jack_set_freewheel(player.client, 1);
  std::printf("playing\n");
  std::fflush(stdout);
  go = true;
  for (int i = 0; i < 2500 && !(player.done && recorder.done); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  if (argc > 6) jack_set_freewheel(player.client, 0);
  const bool done = player.done && recorder.done;
  jack_client_close(player.client);
  jack_client_close(recorder.client);
  if (!done) {
    std::fprintf(stderr, "loopback: the server does not get on\n");
    return 3;
  }
  for (std::size_t i = 0; i < frames * from.size(); ++i)
    interleaved[i] = recorder.tape.lanes[i % from.size()][i / from.size()];
  SndfileHandle out(argv[3], SFM_WRITE, SF_FORMAT_WAV | SF_FORMAT_FLOAT, static_cast<int>(from.size()),
                    file.samplerate());
  out.writef(interleaved.data(), file.frames());
  std::printf("xruns %u\n", xruns.load());
  return 0;
}
