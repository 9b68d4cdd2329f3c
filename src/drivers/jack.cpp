// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "drivers/jack.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <utility>

#include "drivers/jack_room.h"

namespace perigee {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLastPeriods{200};  // is waited for them at most
/// Another client that hangs keeps the server from answering for two seconds or more.
constexpr Patience kStart{.silence = milliseconds(5000)};
constexpr Patience kEnd{.silence = milliseconds(3000), .in_all = milliseconds(8000)};
/// While it plays, loops are ahead of the sound by more.
constexpr Patience kGlimpse{.silence = milliseconds(40), .in_all = milliseconds(40)};

std::string port_name(const PortBinding& binding, unsigned lane) {
  return binding.lanes == 1 ? binding.name : fmt::format("{}_{}", binding.name, lane + 1);
}

std::string key_of(const std::string& name, JackPortFlags direction, Carries what) {
  return fmt::format("{} {}{}", name, direction == JackPortIsInput ? "in" : "out",
                     what == Carries::midi ? " midi" : "");
}

}  // namespace

JackDriver::JackDriver(Engine& engine, const std::string& name, unsigned threads, Interruption interruption)
    : engine_(engine),
      wanted_name_(name),
      threads_(threads),
      interruption_(std::move(interruption)),
      thread_(JackThread::start()),
      core_(std::make_shared<JackCore>(engine, thread_)) {
  try {
    check(thread_->run([core = core_, name] { core->open(name); }, kStart, interruption_));
  } catch (...) {
    close();
    throw;
  }
}

JackDriver::~JackDriver() {
  end_notes();
  if (started_) core_->end_workers();
  close();
}

void JackDriver::close() {
  const auto last = thread_->end([core = core_] { core->close(); }, hangs_ ? Patience{milliseconds(0)} : kEnd,
                                 interruption_);
  engine_.end_work();
  core_->shut();
  if (last == JackThread::Outcome::done) return;
  // The library may call it as long as the process lives.
  [[maybe_unused]] static const auto* const left = new std::shared_ptr<JackCore>(core_);
}

void JackDriver::check(JackThread::Outcome outcome) {
  hangs_ = outcome != JackThread::Outcome::done;
  if (outcome == JackThread::Outcome::interrupted) throw Interrupted();
  if (outcome == JackThread::Outcome::too_long)
    throw SystemError(fmt::format("the JACK server does not answer: nothing came of it for {} seconds",
                                  std::chrono::duration_cast<std::chrono::seconds>(kStart.silence).count()));
}

/// Notes that loops play elsewhere are ended, and sent before the client goes.
void JackDriver::end_notes() {
  if (!started_ || core_->client().gone) return;
  const auto patience = std::chrono::steady_clock::now() + kLastPeriods;
  while (!core_->end_notes() && !core_->client().gone && std::chrono::steady_clock::now() < patience)
    std::this_thread::sleep_for(milliseconds(1));
  const auto one = std::chrono::duration<double>(period() / rate());
  std::this_thread::sleep_for(std::min<std::chrono::duration<double>>(2 * one, kLastPeriods));
}

std::string JackDriver::describe() const {
  const std::string& name = core_->client().name;
  const bool taken = name != wanted_name_;  // the server has made another one of it
  return fmt::format("JACK client \"{}\"{}", name,
                     taken ? fmt::format(" (\"{}\" is taken)", wanted_name_) : "");
}

std::shared_ptr<JackPort> JackDriver::port(const std::string& of, const std::string& name,
                                           JackPortFlags direction, Carries what) {
  std::weak_ptr<JackPort>& known = ports_[key_of(name, direction, what)];
  auto found = known.lock();
  if (found == nullptr || found->state() == JackPort::State::refused)
    known = found = std::make_shared<JackPort>(core_->ports(), of, name, direction, what);
  return found;
}

/// Nothing is registered if not all of it can be.
void JackDriver::check_room(const Program& program) {
  JackRoom room(core_->client().name, *core_->seen());
  for (const auto& [key, known] : ports_)
    if (const auto port = known.lock()) room.take(port->is_output());
  const auto want = [&](const std::string& of, const std::string& name, JackPortFlags direction, Carries what,
                        unsigned lanes) {
    const auto known = ports_.find(key_of(name, direction, what));
    if (known == ports_.end() || known->second.expired())
      room.want(of, name, direction == JackPortIsOutput, lanes);
  };
  for (const auto* bindings : {&program.inputs, &program.outputs})
    for (const PortBinding& binding : *bindings)
      for (unsigned lane = 0; lane < binding.lanes; ++lane)
        want(binding.name, port_name(binding, lane),
             bindings == &program.inputs ? JackPortIsInput : JackPortIsOutput, Carries::audio, binding.lanes);
  for (const MidiBinding& binding : program.midi)
    want(binding.name, binding.name, JackPortIsInput, Carries::midi, 1);
  for (const MidiOutput& output : program.midi_outputs)
    want(output.name, output.name, JackPortIsOutput, Carries::midi, 1);
}

void JackDriver::prepare(Program& program) {
  check_room(program);
  auto channels = std::make_unique<JackChannels>();
  channels->in.resize(program.in_channels);
  channels->out.resize(program.out_channels);
  channels->in_buffers.resize(program.in_channels);
  channels->out_buffers.resize(program.out_channels);
  const auto open = [&](const PortBinding& binding, JackPortFlags direction) {
    for (unsigned lane = 0; lane < binding.lanes; ++lane)
      channels->of(direction)[binding.first_channel + lane] =
          port(binding.name, port_name(binding, lane), direction);
  };
  for (const PortBinding& binding : program.inputs) open(binding, JackPortIsInput);
  for (const PortBinding& binding : program.outputs) open(binding, JackPortIsOutput);
  for (const MidiBinding& binding : program.midi)
    channels->midi.push_back(port(binding.name, binding.name, JackPortIsInput, Carries::midi));
  for (const MidiOutput& output : program.midi_outputs)
    channels->speakers.push_back(
        {port(output.name, output.name, JackPortIsOutput, Carries::midi), output.speaker});
  program.channels = std::move(channels);
  std::erase_if(ports_, [](const auto& known) { return known.second.expired(); });
}

Readiness JackDriver::readiness(const Program& program) const {
  Readiness readiness;
  static_cast<const JackChannels&>(*program.channels).for_each_port([&](const JackPort& port) {
    readiness.is_ready = readiness.is_ready && port.state() == JackPort::State::there;
    if (port.state() == JackPort::State::refused) readiness.refused.emplace(port.of(), refusal(port.name()));
  });
  return readiness;
}

void JackDriver::await_ready() {
  check(thread_->catch_up(kStart, interruption_));
  for (const auto& [key, known] : ports_)
    if (const auto port = known.lock(); port != nullptr && port->state() == JackPort::State::refused)
      throw NoRoom(port->of(), refusal(port->name()));
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
  channels.quiet = std::exchange(midi_outputs_, {});
  for (const JackSpeaker& speaker : channels.speakers) {
    midi_outputs_.push_back(speaker.port);
    std::erase(channels.quiet, speaker.port);
  }
  thread_->post([core = core_, map = std::move(map), wishes = std::move(wishes)]() mutable {
    core->follow(std::move(map), wishes);
  });
  engine_.publish(std::move(program));
}

void JackDriver::route(const std::set<Route>& routes) {
  thread_->post([core = core_, routes] { core->route(routes); });
}

void JackDriver::rewire(const std::vector<WireOrder>& orders) {
  thread_->post([core = core_, orders] { core->rewire(orders); });
}

std::vector<std::string> JackDriver::ports(const std::string& pattern) const {
  // What has just come is there, too, unless the server hangs or has much to do.
  thread_->run([core = core_] { core->look(); }, kGlimpse);
  std::vector<std::string> names;
  for (const auto& port : *core_->seen())
    if (matches(pattern, port.name)) names.push_back(port.name);
  return names;
}

bool JackDriver::follow_transport(bool follow, const std::optional<TransportLead>& lead) {
  enum Answer { open, too_late, refused };
  core_->transport().follow(follow, lead);
  const auto answer = std::make_shared<std::atomic<Answer>>(open);
  const auto ask = [core = core_, follow, leads = lead.has_value(), answer] {
    if (!core->follow_transport(follow, leads) && answer->exchange(refused) == too_late) core->cannot_lead();
  };
  thread_->run(ask, kGlimpse);
  return answer->exchange(too_late) != refused;
}

void JackDriver::start() {
  check(thread_->run([core = core_, threads = threads_] { core->start(threads); }, kStart, interruption_));
  started_ = true;
}

}  // namespace perigee
