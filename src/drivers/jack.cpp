// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "drivers/jack.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/realtime.h"

namespace perigee {

/// A program's channels: its ports, and where their buffers are in this period.
struct JackDriver::Channels final : DriverChannels {
  std::vector<std::shared_ptr<JackPort>> in, out;
  std::vector<const float*> in_buffers;
  std::vector<float*> out_buffers;

  auto& of(JackPortFlags direction) { return direction == JackPortIsInput ? in : out; }
  void find_buffers(jack_nframes_t frames) noexcept {
    for (std::size_t i = 0; i < in.size(); ++i)
      in_buffers[i] = static_cast<const float*>(jack_port_get_buffer(in[i]->handle(), frames));
    for (std::size_t i = 0; i < out.size(); ++i)
      out_buffers[i] = static_cast<float*>(jack_port_get_buffer(out[i]->handle(), frames));
  }
};

JackDriver::JackDriver(Engine& engine, const std::string& name, unsigned threads)
    : engine_(engine),
      wanted_name_(name),
      client_(std::make_shared<JackClient>(name)),
      notices_(*client_),
      threads_(threads) {
  jack_set_process_callback(
      client_->handle,
      [](jack_nframes_t frames, void* driver) {
        const Uncancelled thread;
        static_cast<JackDriver*>(driver)->process(frames);
        return 0;
      },
      this);
  jack_set_latency_callback(
      client_->handle,
      [](jack_latency_callback_mode_t mode, void* latency) {
        const Uncancelled thread;
        static_cast<JackLatency*>(latency)->tell(mode);
      },
      &latency_);
}

JackDriver::~JackDriver() {
  if (started_ && !client_->gone) jack_deactivate(client_->handle);
  workers_.reset();  // if the audio thread still runs, it goes on alone
  client_->close();
}

std::string JackDriver::describe() const {
  const std::string name = client_->name();
  const bool taken = name != wanted_name_;  // the server has made another one of it
  return fmt::format("JACK client \"{}\"{}", name,
                     taken ? fmt::format(" (\"{}\" is taken)", wanted_name_) : "");
}

std::shared_ptr<JackPort> JackDriver::port(const std::string& name, JackPortFlags direction) {
  std::weak_ptr<JackPort>& known =
      ports_[fmt::format("{} {}", name, direction == JackPortIsInput ? "in" : "out")];
  auto found = known.lock();
  if (found == nullptr) known = found = std::make_shared<JackPort>(client_, name, direction);
  return found;
}

void JackDriver::prepare(Program& program) {
  auto channels = std::make_unique<Channels>();
  channels->in.resize(program.in_channels);
  channels->out.resize(program.out_channels);
  channels->in_buffers.resize(program.in_channels);
  channels->out_buffers.resize(program.out_channels);
  const auto open = [&](const PortBinding& binding, JackPortFlags direction) {
    for (unsigned lane = 0; lane < binding.lanes; ++lane)
      channels->of(direction)[binding.first_channel + lane] =
          port(binding.lanes == 1 ? binding.name : fmt::format("{}_{}", binding.name, lane + 1), direction);
  };
  for (const PortBinding& binding : program.inputs) open(binding, JackPortIsInput);
  for (const PortBinding& binding : program.outputs) open(binding, JackPortIsOutput);
  program.channels = std::move(channels);
  std::erase_if(ports_, [](const auto& known) { return known.second.expired(); });
}

void JackDriver::publish(std::unique_ptr<Program> program, const PortLatencies& latencies) {
  auto& channels = static_cast<Channels&>(*program->channels);
  JackLatency::Map map{.latencies = latencies};
  std::vector<Wish> wishes;
  const auto add = [&](const PortBinding& binding, JackPortFlags direction) {
    const bool is_input = direction == JackPortIsInput;
    auto& of_port = (is_input ? map.inputs : map.outputs).emplace_back();
    Wish wish{.pattern = binding.connect, .is_input = is_input};
    for (unsigned lane = 0; lane < binding.lanes; ++lane) {
      const JackPort& one = *channels.of(direction)[binding.first_channel + lane];
      of_port.push_back(one.handle());
      wish.ours.push_back(one.full_name());
    }
    if (!binding.connect.empty()) wishes.push_back(std::move(wish));
  };
  for (const PortBinding& binding : program->inputs) add(binding, JackPortIsInput);
  for (const PortBinding& binding : program->outputs) add(binding, JackPortIsOutput);
  latency_.set(std::move(map));  // before any old program, and with it ports, can be freed
  engine_.publish(std::move(program));
  connections_.wish(std::move(wishes));
  if (!started_) return;
  jack_recompute_total_latencies(client_->handle);
  connections_.renew(client_->handle);
}

void JackDriver::start() {
  if (threads_ > 1) workers_.emplace(engine_, *client_, threads_);
  if (jack_activate(client_->handle) != 0) throw SystemError("the JACK server does not let us run");
  started_ = true;
  connections_.renew(client_->handle);
}

News JackDriver::attend() {
  News news = notices_.news();
  if (!news.gone && started_) connect_what_came();
  return news;
}

void JackDriver::connect_what_came() {
  const auto came = notices_.ports();
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

}  // namespace perigee
