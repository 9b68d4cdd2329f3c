// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "drivers/jack.h"

#include <fmt/format.h>
#include <pthread.h>

#include <algorithm>
#include <cstring>

#include "engine/realtime.h"

namespace perigee {

/// A program's channels: its ports, and where their buffers are in this period.
struct JackDriver::Channels final : DriverChannels {
  std::vector<std::shared_ptr<JackPort>> in, out;
  std::vector<const float*> in_buffers;
  std::vector<float*> out_buffers;

  void find_buffers(jack_nframes_t frames) noexcept {
    for (std::size_t i = 0; i < in.size(); ++i)
      in_buffers[i] = static_cast<const float*>(jack_port_get_buffer(in[i]->handle(), frames));
    for (std::size_t i = 0; i < out.size(); ++i)
      out_buffers[i] = static_cast<float*>(jack_port_get_buffer(out[i]->handle(), frames));
  }
};

JackDriver::JackDriver(Engine& engine, const std::string& name)
    : engine_(engine), wanted_name_(name), client_(std::make_shared<JackClient>(name)) {
  rate_ = jack_get_sample_rate(client_->handle);
  period_ = jack_get_buffer_size(client_->handle);
  told_rate_ = rate_;
  told_period_ = static_cast<int>(period_);
  set_callbacks();
}

JackDriver::~JackDriver() {
  if (started_ && !client_->gone) jack_deactivate(client_->handle);
  client_->close();
}

double JackDriver::rate() const { return rate_; }
int JackDriver::period() const { return static_cast<int>(period_); }
std::string JackDriver::describe() const {
  const std::string name = client_->name();
  const bool taken = name != wanted_name_;  // the server has made another one of it
  return fmt::format("JACK client \"{}\"{}", name,
                     taken ? fmt::format(" (\"{}\" is taken)", wanted_name_) : "");
}

namespace {

/// Calls back into a driver. The library ends its threads by cancelling them at any instruction
/// (JackPosixThread.cpp): unwinding what is noexcept would end the process. Real-time safe.
template <class Body>
void in_driver(void* driver, Body body) {
  int before = 0;
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
  body(*static_cast<JackDriver*>(driver));
  pthread_setcancelstate(before, nullptr);
}

}  // namespace

void JackDriver::set_callbacks() {
  jack_client_t* client = client_->handle;
  jack_set_process_callback(
      client,
      [](jack_nframes_t frames, void* driver) {
        in_driver(driver, [&](JackDriver& self) { self.process(frames); });
        return 0;
      },
      this);
  jack_set_latency_callback(
      client,
      [](jack_latency_callback_mode_t mode, void* driver) {
        in_driver(driver, [&](JackDriver& self) { self.tell_latency(mode); });
      },
      this);
  jack_set_sample_rate_callback(
      client,
      [](jack_nframes_t rate, void* driver) {
        in_driver(driver, [&](JackDriver& self) {
          self.rate_ = rate;
          self.bell_.ring();
        });
        return 0;
      },
      this);
  jack_set_buffer_size_callback(
      client,
      [](jack_nframes_t period, void* driver) {
        in_driver(driver, [&](JackDriver& self) {
          self.period_ = period;
          self.bell_.ring();
        });
        return 0;
      },
      this);
  jack_set_xrun_callback(
      client,
      [](void* driver) {
        in_driver(driver, [](JackDriver& self) {
          ++self.late_;
          self.bell_.ring();
        });
        return 0;
      },
      this);
  jack_set_port_registration_callback(
      client,
      [](jack_port_id_t port, int came, void* driver) {
        if (came == 0) return;
        in_driver(driver, [&](JackDriver& self) {
          const std::scoped_lock lock(self.came_mutex_);
          self.came_.push_back(port);
          self.bell_.ring();
        });
      },
      this);
  // PipeWire's library calls only the one, JACK's only the other when both are set.
  jack_on_shutdown(
      client,
      [](void* driver) {
        in_driver(driver, [](JackDriver& self) { self.tell_gone("it closed the connection"); });
      },
      this);
  jack_on_info_shutdown(
      client,
      [](jack_status_t, const char* reason, void* driver) {
        in_driver(driver, [&](JackDriver& self) { self.tell_gone(reason); });
      },
      this);
}

std::shared_ptr<JackPort> JackDriver::port(const std::string& name, JackPortFlags direction) {
  std::weak_ptr<JackPort>& known =
      ports_[fmt::format("{} {}", name, direction == JackPortIsInput ? "in" : "out")];
  auto found = known.lock();
  if (found == nullptr) known = found = std::make_shared<JackPort>(client_, name, direction);
  return found;
}

void JackDriver::publish(std::unique_ptr<Program> program, const PortLatencies& latencies) {
  auto channels = std::make_unique<Channels>();
  Map map{.latencies = latencies};
  std::vector<Wish> wishes;
  const auto open = [&](const PortBinding& binding, JackPortFlags direction) {
    const bool is_input = direction == JackPortIsInput;
    auto& of_port = (is_input ? map.inputs : map.outputs).emplace_back();
    Wish wish{.pattern = binding.connect, .is_input = is_input};
    for (unsigned lane = 0; lane < binding.lanes; ++lane) {
      const auto one =
          port(binding.lanes == 1 ? binding.name : fmt::format("{}_{}", binding.name, lane + 1), direction);
      (is_input ? channels->in : channels->out).push_back(one);
      of_port.push_back(one->handle());
      wish.ours.push_back(one->full_name());
    }
    if (!binding.connect.empty()) wishes.push_back(std::move(wish));
  };
  for (const PortBinding& binding : program->inputs) open(binding, JackPortIsInput);
  for (const PortBinding& binding : program->outputs) open(binding, JackPortIsOutput);
  channels->in_buffers.resize(channels->in.size());
  channels->out_buffers.resize(channels->out.size());
  program->channels = std::move(channels);
  {
    // Before any old program, and with it ports, can be freed.
    const std::scoped_lock lock(map_mutex_);
    map_ = std::move(map);
  }
  engine_.publish(std::move(program));
  std::erase_if(ports_, [](const auto& known) { return known.second.expired(); });
  connections_.wish(std::move(wishes));
  if (!started_) return;
  jack_recompute_total_latencies(client_->handle);
  connections_.renew(client_->handle);
}

void JackDriver::start() {
  if (jack_activate(client_->handle) != 0) throw SystemError("the JACK server does not let us run");
  started_ = true;
  connections_.renew(client_->handle);
}

News JackDriver::attend() {
  bell_.silence();
  News news{.late = late_.exchange(0)};
  if (client_->gone) {
    news.gone = true;
    news.reason = reason_.data();
    return news;
  }
  if (told_rate_ != rate()) news.new_rate = told_rate_ = rate();
  if (told_period_ != period()) news.new_period = told_period_ = period();
  if (started_) connect_what_came();
  return news;
}

void JackDriver::connect_what_came() {
  std::vector<jack_port_id_t> came;
  {
    const std::scoped_lock lock(came_mutex_);
    came.swap(came_);
  }
  for (const jack_port_id_t id : came)
    if (jack_port_t* port = jack_port_by_id(client_->handle, id))
      if (jack_port_is_mine(client_->handle, port) == 0) connections_.forget(jack_port_name(port));
  if (!came.empty()) connections_.renew(client_->handle);
}

void JackDriver::process(jack_nframes_t frames) noexcept {
  const RealtimeScope scope;
  const auto channels_of = [](Program* program) {
    return program == nullptr ? nullptr : static_cast<Channels*>(program->channels.get());
  };
  // A port that the next program does not have is never written again: let it end in silence.
  if (engine_.waiting() && current_ != nullptr) {
    current_->find_buffers(frames);
    for (float* buffer : current_->out_buffers) std::fill_n(buffer, frames, 0.F);
  }
  current_ = channels_of(engine_.take());
  if (current_ == nullptr) return;
  current_->find_buffers(frames);
  engine_.run(current_->in_buffers.data(), static_cast<unsigned>(current_->in.size()),
              current_->out_buffers.data(), static_cast<unsigned>(current_->out.size()),
              static_cast<int>(frames));
}

namespace {

using Ports = std::vector<jack_port_t*>;

/// What reaches or is reached from any lane of a port, beyond us.
Latency outside(const Ports& lanes, jack_latency_callback_mode_t mode) {
  Latency range{INT64_MAX, 0};
  for (jack_port_t* lane : lanes) {
    jack_latency_range_t one{};
    jack_port_get_latency_range(lane, mode, &one);
    range = join(range, {one.min, one.max});
  }
  return range;
}

void tell(const Ports& lanes, jack_latency_callback_mode_t mode, Latency latency) {
  jack_latency_range_t range{static_cast<jack_nframes_t>(latency.min),
                             static_cast<jack_nframes_t>(latency.max)};
  for (jack_port_t* lane : lanes) jack_port_set_latency_range(lane, mode, &range);
}

}  // namespace

void JackDriver::tell_latency(jack_latency_callback_mode_t mode) {
  const std::scoped_lock lock(map_mutex_);
  const bool capture = mode == JackCaptureLatency;
  const auto& far = capture ? map_.inputs : map_.outputs;
  const auto& near = capture ? map_.outputs : map_.inputs;
  for (unsigned i = 0; i < near.size(); ++i) {
    Latency range{INT64_MAX, 0};
    for (const auto& way : map_.latencies.ways)
      if ((capture ? way.output : way.input) == i)
        range = join(range, outside(far[capture ? way.input : way.output], mode) + way.latency);
    if (range.min > range.max) range = capture ? map_.latencies.from_sources[i] : Latency{};
    tell(near[i], mode, range);
  }
}

void JackDriver::tell_gone(const char* reason) noexcept {
  if (client_->gone) return;
  std::strncpy(reason_.data(), reason, reason_.size() - 1);
  client_->gone = true;
  bell_.ring();
}

}  // namespace perigee
