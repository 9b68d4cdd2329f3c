// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "drivers/jack.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "engine/realtime.h"

namespace perigee {

namespace {

constexpr std::chrono::milliseconds kLastPeriods{200};  // is waited for them at most

}  // namespace

JackDriver::JackDriver(Engine& engine, const std::string& name, unsigned threads)
    : engine_(engine),
      wanted_name_(name),
      client_(std::make_shared<JackClient>(name)),
      notices_(*client_),
      transport_(*client_),
      threads_(threads),
      patchbay_(*client_) {
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
  end_notes();
  if (started_ && !client_->gone) jack_deactivate(client_->handle);
  workers_.reset();  // if the audio thread still runs, it goes on alone
  client_->close();
}

/// Notes that loops play elsewhere are ended, and sent before the client goes.
void JackDriver::end_notes() {
  if (!started_ || client_->gone) return;
  ending_ = true;
  const auto patience = std::chrono::steady_clock::now() + kLastPeriods;
  while (!ended_ && !client_->gone && std::chrono::steady_clock::now() < patience)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  const auto period = std::chrono::duration<double>(notices_.period() / notices_.rate());
  std::this_thread::sleep_for(std::min<std::chrono::duration<double>>(2 * period, kLastPeriods));
}

std::string JackDriver::describe() const {
  const std::string name = client_->name();
  const bool taken = name != wanted_name_;  // the server has made another one of it
  return fmt::format("JACK client \"{}\"{}", name,
                     taken ? fmt::format(" (\"{}\" is taken)", wanted_name_) : "");
}

std::shared_ptr<JackPort> JackDriver::port(const std::string& name, JackPortFlags direction, Carries what) {
  std::weak_ptr<JackPort>& known = ports_[fmt::format(
      "{} {}{}", name, direction == JackPortIsInput ? "in" : "out", what == Carries::midi ? " midi" : "")];
  auto found = known.lock();
  if (found == nullptr) known = found = std::make_shared<JackPort>(client_, name, direction, what);
  return found;
}

void JackDriver::prepare(Program& program) {
  auto channels = std::make_unique<JackChannels>();
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
  for (const MidiBinding& binding : program.midi)
    channels->midi.push_back(port(binding.name, JackPortIsInput, Carries::midi));
  for (const MidiOutput& output : program.midi_outputs)
    channels->speakers.push_back({port(output.name, JackPortIsOutput, Carries::midi), output.speaker});
  channels->quiet = std::exchange(midi_outputs_, {});
  for (const JackSpeaker& speaker : channels->speakers) {
    midi_outputs_.push_back(speaker.port);
    std::erase(channels->quiet, speaker.port);
  }
  program.channels = std::move(channels);
  std::erase_if(ports_, [](const auto& known) { return known.second.expired(); });
}

void JackDriver::publish(std::unique_ptr<Program> program, const PortLatencies& latencies) {
  auto& channels = static_cast<JackChannels&>(*program->channels);
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
  for (std::size_t i = 0; i < program->midi.size(); ++i)
    if (const std::string& pattern = program->midi[i].connect; !pattern.empty())
      wishes.push_back(
          {.ours = {channels.midi[i]->full_name()}, .pattern = pattern, .is_input = true, .midi = true});
  for (std::size_t i = 0; i < program->midi_outputs.size(); ++i)
    if (const std::string& pattern = program->midi_outputs[i].connect; !pattern.empty())
      wishes.push_back({.ours = {channels.speakers[i].port->full_name()}, .pattern = pattern, .midi = true});
  latency_.set(std::move(map));  // before any old program, and with it ports, can be freed
  engine_.publish(std::move(program));
  connections_.wish(wishes);
  if (!started_) return;
  jack_recompute_total_latencies(client_->handle);
  connections_.renew(patchbay_);
}

void JackDriver::route(const std::set<Route>& routes) {
  connections_.route(routes);
  if (started_) connections_.renew(patchbay_);
}

void JackDriver::rewire(const std::vector<WireOrder>& orders) {
  orders_.insert(orders_.end(), orders.begin(), orders.end());
  if (!started_) return;
  for (const WireOrder& order : std::exchange(orders_, {})) {
    std::string mistake = carry_out(order, patchbay_);
    if (!mistake.empty()) mistakes_.push_back({order.where, std::move(mistake)});
  }
  if (!mistakes_.empty()) notices_.ring();
}

std::vector<std::string> JackDriver::ports(const std::string& pattern) const {
  std::vector<std::string> names;
  for (const auto& port : patchbay_.ports())
    if (matches(pattern, port.name)) names.push_back(port.name);
  return names;
}

void JackDriver::start() {
  if (threads_ > 1) workers_.emplace(engine_, *client_, threads_);
  if (jack_activate(client_->handle) != 0) throw SystemError("the JACK server does not let us run");
  started_ = true;
  connections_.renew(patchbay_);
  News known;
  look_at_ports(known);
  rewire({});
}

News JackDriver::attend() {
  News news = notices_.news();
  news.mistakes = std::exchange(mistakes_, {});
  if (!news.gone && started_) follow_changes(news);
  return news;
}

void JackDriver::look_at_ports(News& news) {
  std::set<std::string> now;
  for (const auto& port : patchbay_.ports()) now.insert(port.name);
  for (const std::string& name : all_ports_)
    if (!now.contains(name)) news.changes.push_back({PortChange::What::went, name, {}});
  for (const std::string& name : now)
    if (!all_ports_.contains(name)) news.changes.push_back({PortChange::What::came, name, {}});
  all_ports_ = std::move(now);
}

void JackDriver::follow_changes(News& news) {
  using What = JackNotices::Change::What;
  const auto name_of = [&](jack_port_id_t id) -> std::string {
    jack_port_t* port = jack_port_by_id(client_->handle, id);
    const char* name = port == nullptr ? nullptr : jack_port_name(port);
    return name == nullptr ? "" : name;
  };
  bool came = false, went = false;
  for (const auto& change : notices_.changes()) {
    const std::string port = name_of(change.port);
    switch (change.what) {
      case What::came:
        came = true;
        connections_.came(port);
        break;
      case What::went:
        went = true;
        connections_.went(patchbay_);
        break;
      case What::joined:
        news.changes.push_back({PortChange::What::joined, port, name_of(change.other)});
        break;
      case What::parted:
        connections_.parted({port, name_of(change.other)});
        news.changes.push_back({PortChange::What::parted, port, name_of(change.other)});
        break;
    }
  }
  if (came || went) look_at_ports(news);
  if (came) connections_.renew(patchbay_);
}

void JackDriver::process(jack_nframes_t frames) noexcept {
  const RealtimeScope scope;
  const auto channels_of = [](Program* program) {
    return program == nullptr ? nullptr : static_cast<JackChannels*>(program->channels.get());
  };
  JackChannels* const before = engine_.waiting() ? current_ : nullptr;
  // A port that the next program does not have is never written again: let it end in silence.
  if (before != nullptr) before->fall_silent(frames);
  current_ = channels_of(engine_.take());
  if (current_ != nullptr) current_->clear_midi(frames);
  if (before != nullptr && current_ != before) before->end_notes_of_others(current_, frames);
  if (current_ == nullptr) return;
  current_->find_buffers(frames);
  transport_.look(engine_, frames, notices_.rate());
  current_->hear(engine_, frames);
  engine_.run(current_->in_buffers.data(), static_cast<unsigned>(current_->in.size()),
              current_->out_buffers.data(), static_cast<unsigned>(current_->out.size()),
              static_cast<int>(frames));
  const bool ends = ending_.load(std::memory_order_acquire) && !ended_.load(std::memory_order_relaxed);
  current_->speak(ends, frames);
  if (ends) ended_.store(true, std::memory_order_release);
}

}  // namespace perigee
