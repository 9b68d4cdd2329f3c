// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A JACK client that behaves badly: bad-midi SEED [wires]. What comes out of wild:out is MIDI that is well
// made, with any values, and MIDI that is not; the transport is moved; with `wires`, ports of odd names come
// and go, and wires are made and unmade. What is heard at wild:in has to be MIDI. On SIGTERM it says how much
// that was, and ends with 1 if something was not.

#include <jack/jack.h>
#include <jack/midiport.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace {

struct Counts {
  std::atomic<long> events{0}, bytes{0}, heard{0}, bad{0};
};

Counts counts;
std::minstd_rand chance;
jack_port_t *out = nullptr, *in = nullptr;
std::atomic<unsigned> first_bad{0};

unsigned below(unsigned end) { return static_cast<unsigned>(chance()) % end; }
std::uint8_t data() { return static_cast<std::uint8_t>(below(16) == 0 ? below(256) : below(128)); }

/// How many bytes a message has that begins so; 0: as many as it likes.
std::size_t size_of(std::uint8_t status) {
  if (status < 0x80) return 1;
  if (status < 0xf0) return (status & 0xf0U) == 0xc0 || (status & 0xf0U) == 0xd0 ? 2 : 3;
  if (status == 0xf0) return 0;
  if (status == 0xf2) return 3;
  return status == 0xf1 || status == 0xf3 ? 2 : 1;
}

using Event = std::array<std::uint8_t, 256>;

/// Returns how many bytes it has.
std::size_t make(Event& event) {
  for (std::uint8_t& byte : event) byte = data();
  const unsigned kind = below(100);
  if (kind < 40) {  // notes; three of four are not ended
    event[0] = static_cast<std::uint8_t>((below(4) == 0 ? 0x80 : 0x90) | (below(4) == 0 ? below(16) : 0));
    return 3;
  }
  if (kind < 65) {
    event[0] = static_cast<std::uint8_t>(0x80 | below(128));
    if ((event[0] & 0xf0U) == 0xb0 && below(2) == 0)
      event[1] = std::array<std::uint8_t, 12>{1, 33, 74, 11, 6, 38, 98, 99, 64, 120, 121, 123}[below(12)];
    const std::size_t size = size_of(event[0]);
    return size > 0 ? size : 1;
  }
  if (kind < 80) {  // clock, start, go on, stop, and what is not defined
    event[0] = static_cast<std::uint8_t>(below(2) == 0 ? 0xf8 : 0xf8 + below(8));
    return below(16) == 0 ? 1 + below(3) : 1;
  }
  if (kind < 85) {
    event[0] = static_cast<std::uint8_t>(0xf1 + below(3));
    return 1 + below(4);
  }
  if (kind < 90) {
    event[0] = 0xf0;
    const std::size_t size = 1 + below(255);
    if (below(3) != 0) event[size - 1] = 0xf7;
    return size;
  }
  if (kind < 95) event[0] &= 0x7fU;  // a status that is left out
  return 1 + below(8);
}

/// True while the port has room.
bool say(void* buffer, jack_nframes_t at, const Event& event, std::size_t size) {
  if (jack_midi_event_write(buffer, at, event.data(), size) != 0) return false;
  ++counts.events;
  counts.bytes += static_cast<long>(size);
  return true;
}

/// A steady clock for a while, which begins and ends as it likes.
class Ticks {
 public:
  /// The next phase.
  void begin() {
    every_ = below(3) == 0 ? 200 + below(4000) : 0;
    first_ = every_ > 0;
  }
  bool run() const { return every_ > 0; }
  void speak(void* buffer, jack_nframes_t frames) {
    if (std::exchange(first_, false) && below(4) != 0) {
      if (below(3) == 0) say(buffer, 0, {0xf2, data(), data()}, 3);
      say(buffer, 0, {static_cast<std::uint8_t>(below(2) == 0 ? 0xfa : 0xfb)}, 1);
    }
    for (; next_ < frames; next_ += every_) say(buffer, next_, {0xf8}, 1);
    next_ -= frames;
    if (below(2000) == 0) say(buffer, frames - 1, {0xfc}, 1);
  }

 private:
  jack_nframes_t every_ = 0, next_ = 0;
  bool first_ = false;
};

void speak(jack_nframes_t frames) {
  static unsigned left = 0, pace = 0;
  static Ticks ticks;
  if (left-- == 0) {
    left = below(1000);
    pace = std::array<unsigned, 6>{0, 0, 0, 1, 1, 10}[below(6)];
    ticks.begin();
  }
  void* buffer = jack_port_get_buffer(out, frames);
  jack_midi_clear_buffer(buffer);
  if (ticks.run()) return ticks.speak(buffer, frames);
  jack_nframes_t at = 0;
  for (unsigned i = below(pace + 1); i > 0 && at < frames; --i) {
    Event event;
    const std::size_t size = make(event);
    if (!say(buffer, at, event, size)) return;
    at += below(frames);
  }
}

/// A patch may have been told to connect what it should not.
bool hears_itself() { return jack_port_connected_to(in, "wild:out") != 0; }

void listen(jack_nframes_t frames) {
  if (hears_itself()) return;
  void* buffer = jack_port_get_buffer(in, frames);
  jack_nframes_t last = 0;
  for (jack_nframes_t i = 0; i < jack_midi_get_event_count(buffer); ++i) {
    jack_midi_event_t event{};
    if (jack_midi_event_get(&event, buffer, i) != 0 || event.size == 0) continue;
    bool good = event.time >= last && event.time < frames && event.buffer[0] >= 0x80 &&
                event.buffer[0] != 0xf0 && event.size == size_of(event.buffer[0]);
    for (std::size_t at = 1; at < event.size; ++at) good = good && event.buffer[at] < 0x80;
    last = event.time;
    ++counts.heard;
    if (good || hears_itself()) continue;
    ++counts.bad;
    first_bad = event.buffer[0] << 16U | static_cast<unsigned>(event.size);
  }
}

int process(jack_nframes_t frames, void*) {
  speak(frames);
  listen(frames);
  return 0;
}

/// What goes on beside, on a thread that may wait.
class Neighbour {
 public:
  Neighbour(jack_client_t* client, unsigned seed, bool wires)
      : client_(client), random_(seed), wires_(wires) {}

  void act() {
    switch (wires_ ? random_() % 8 : 4 + random_() % 2) {
      case 0:
      case 1:
        if (ports_.size() < 8) come();
        break;
      case 2:
      case 3:
        if (!ports_.empty()) go();
        break;
      case 4:
        jack_transport_locate(client_, static_cast<jack_nframes_t>(random_() >> random_() % 32U));
        break;
      case 5:
        if (random_() % 2 == 0)
          jack_transport_start(client_);
        else
          jack_transport_stop(client_);
        break;
      default:
        wire();
    }
  }
  void end() {
    while (!ports_.empty()) go();
    jack_transport_stop(client_);
  }

 private:
  void come() {
    const std::array<std::string, 7> names = {"a",  "odd name",        "ü",   std::string(200, 'x'),
                                              "*?", "perigee:main\nx", "%s%n"};
    const std::string name = names[random_() % names.size()] + std::to_string(random_() % 4);
    const unsigned long way = random_() % 2 == 0 ? JackPortIsInput : JackPortIsOutput;
    const char* type = random_() % 2 == 0 ? JACK_DEFAULT_AUDIO_TYPE : JACK_DEFAULT_MIDI_TYPE;
    if (auto* port = jack_port_register(client_, name.c_str(), type, way, 0)) ports_.push_back(port);
  }
  void go() {
    const std::size_t which = random_() % ports_.size();
    jack_port_unregister(client_, ports_[which]);
    ports_.erase(ports_.begin() + static_cast<std::ptrdiff_t>(which));
  }
  void wire() {
    const std::string from = any(JackPortIsOutput), to = any(JackPortIsInput);
    if (from.empty() || to.empty() || from.starts_with("wild:out") || to.starts_with("wild:in")) return;
    if (random_() % 2 == 0)
      jack_connect(client_, from.c_str(), to.c_str());
    else
      jack_disconnect(client_, from.c_str(), to.c_str());
  }
  std::string any(unsigned long way) {
    const char** names = jack_get_ports(client_, nullptr, nullptr, way);
    if (names == nullptr) return {};
    std::size_t count = 0;
    while (names[count] != nullptr) ++count;
    const std::string one = count == 0 ? "" : names[random_() % count];
    jack_free(names);
    return one;
  }

  jack_client_t* client_;
  std::mt19937 random_;
  bool wires_;
  std::vector<jack_port_t*> ports_;
};

}  // namespace

int main(int argc, char** argv) {
  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ending, nullptr);
  const auto seed = static_cast<unsigned>(argc > 1 ? std::atol(argv[1]) : 1);
  chance.seed(seed);
  jack_client_t* client = jack_client_open("wild", JackNoStartServer, nullptr);
  if (client == nullptr) return 3;
  out = jack_port_register(client, "out", JACK_DEFAULT_MIDI_TYPE, JackPortIsOutput, 0);
  in = jack_port_register(client, "in", JACK_DEFAULT_MIDI_TYPE, JackPortIsInput, 0);
  jack_set_process_callback(client, process, nullptr);
  jack_activate(client);
  Neighbour neighbour(client, seed, argc > 2);
  timespec pause{};
  do {
    neighbour.act();
    pause.tv_nsec = 50'000'000;
  } while (sigtimedwait(&ending, nullptr, &pause) != SIGTERM);
  neighbour.end();
  jack_deactivate(client);
  std::printf("%ld events, %ld bytes, heard %ld, bad %ld", counts.events.load(), counts.bytes.load(),
              counts.heard.load(), counts.bad.load());
  if (counts.bad > 0)
    std::printf(", the last begins with %x and has %u bytes", first_bad >> 16U, first_bad & 0xffffU);
  std::printf("\n");
  jack_client_close(client);
  return counts.bad > 0 ? 1 : 0;
}
