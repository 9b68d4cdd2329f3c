// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "drivers/jack_ports.h"

#include <chrono>
#include <string_view>
#include <thread>
#include <utility>

namespace perigee {

namespace {

using Seconds = std::chrono::duration<double>;

/// The rest of a cycle in which nothing is begun any more.
constexpr Seconds kLastMoment{300e-6};
/// Longer than it takes a server that has changed the graph to ask for latencies, beside two periods.
constexpr Seconds kSlack{10e-3};
constexpr std::chrono::microseconds kNap{200};

}  // namespace

JackPort::JackPort(std::shared_ptr<JackPorts> ports, std::string of, const std::string& name,
                   JackPortFlags direction, Carries what)
    : ports_(std::move(ports)),
      of_(std::move(of)),
      at_server_(new AtServer{.name = name, .direction = direction, .what = what}) {
  ports_->ask(at_server_);
}

JackPort::~JackPort() { ports_->give_back(at_server_); }

void JackPorts::open(std::shared_ptr<JackClient> client) {
  client_ = std::move(client);
  races_ = std::string_view(jack_get_version_string()).find("PipeWire") == std::string_view::npos;
}

void JackPorts::ask(const std::shared_ptr<AtServer>& port) {
  ++asked_;
  thread_->post_later([self = shared_from_this(), port] {
    self->add(*port);
    if (--self->asked_ == 0) self->seen_to_();
  });
}

void JackPorts::give_back(const std::shared_ptr<AtServer>& port) {
  port->wanted = false;
  thread_->post_later([self = shared_from_this(), port] { self->remove(*port); });
}

void JackPorts::add(AtServer& port) {
  if (!port.wanted) return;
  if (client_->speaks())
    port.handle = jack_port_register(
        client_->handle, port.name.c_str(),
        port.what == Carries::midi ? JACK_DEFAULT_MIDI_TYPE : JACK_DEFAULT_AUDIO_TYPE, port.direction, 0);
  if (port.handle == nullptr) {
    port.state.store(JackPort::State::refused, std::memory_order_release);
    return;
  }
  client_->has_changed();
  port.full_name = jack_port_name(port.handle);
  port.state.store(JackPort::State::there, std::memory_order_release);
}

void JackPorts::remove(const AtServer& port) {
  if (port.handle == nullptr || !client_->speaks()) return;
  if (active_ && races_) wait_for_calm();
  if (!client_->speaks()) return;
  jack_port_unregister(client_->handle, port.handle);
  client_->has_changed();
}

/// JACK 2 (JackClient.cpp, issue 216) walks over its list of our ports, on a thread of its own, each time
/// that the server asks for latencies, while jack_port_unregister() takes one out and frees it, without a
/// lock. The server asks when the graph has changed, from the next cycle on: after it has asked for the last
/// change, the rest of the cycle is calm.
void JackPorts::wait_for_calm() {
  const auto start = JackThread::Clock::now();
  if (start < calm_until_) return;
  const double rate = jack_get_sample_rate(client_->handle), period = jack_get_buffer_size(client_->handle);
  const auto patience = Seconds(2 * period / rate) + kSlack;
  while (!client_->is_settled() && client_->speaks() && JackThread::Clock::now() - start < patience)
    std::this_thread::sleep_for(kNap);
  const double left = period - jack_frames_since_cycle_start(client_->handle);
  calm_until_ = JackThread::Clock::now() +
                std::chrono::duration_cast<JackThread::Clock::duration>(Seconds(left / rate) - kLastMoment);
}

}  // namespace perigee
