// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

#include "node/registry.h"
#include "patch/record.h"
#include "plan/plan.h"
#include "terminal/interruption.h"
#include "text/json_text.h"

namespace perigee {

namespace {

using nlohmann::json;

constexpr Frames kLongestPiece = 65536;  // more than any driver's period

Event event_of(const json& line) {
  const json& what = line.at("event");
  Event event{.time = line.at("time").get<Frames>(),
              .era = line.value("era", std::uint32_t{0}),
              .held = line.value("held", false)};
  if (what.size() == 2) {
    event.tells = true;
    event.message = message_from(what.at(1));
    return event;
  }
  event.param = what.at(1).get<unsigned>();
  event.value = what.at(2).get<float>();
  event.glide = what.at(3).get<Frames>();
  event.curve = what.at(4).get<bool>() ? Curve::exponential : Curve::linear;
  return event;
}

[[noreturn]] void does_not_fit(Frames at) {
  throw Misfit(
      fmt::format("the log does not fit together at frame {}: it has a gap, or is another version's", at));
}

}  // namespace

Replay::Replay(const std::filesystem::path& log) {
  std::ifstream file(log);
  if (!file) throw Misfit(fmt::format("{}: there is no such log", log.string()));
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    try {
      if (number == 1 && json::parse(line).at("perigee log").get<int>() > kLogVersion)
        throw std::runtime_error("another version's");
      read(line);
    } catch (const std::exception& error) {
      if (file.peek() == EOF && number > 1) break;  // it was cut off while it was written
      throw Misfit(fmt::format("{}:{}: this is no line of a log: {}", log.string(), number, error.what()));
    }
  }
  if (rate_ <= 0 || edits_.empty() || begun_.empty())
    throw Misfit(fmt::format("{}: nothing was played", log.string()));
}

void Replay::tell(Destinations& destinations) const {
  for (const Edit& edit : edits_)
    if (edit.patch) destinations.read(*edit.patch);
}

void Replay::read(const std::string& text) {
  const json line = exact_json(text);
  const auto frame = [&](const char* name) { return line.at(name).get<Frames>(); };
  if (line.contains("rate")) rate_ = line["rate"].get<double>();
  if (line.contains("edit") || line.contains("attend")) {
    Edit& edit = edits_.emplace_back(Edit{{frame("now"), frame("begun"), line.value("held", false)}, {}});
    if (line.contains("edit")) edit.patch = patch_of(line["edit"], all_kinds());
    end_ = std::max(end_, edit.seen.now);
  }
  if (line.contains("began")) begun_.push_back({frame("at"), line["began"].get<unsigned>()});
  if (line.contains("took")) taken_.push_back({frame("at"), line["took"].get<unsigned>()});
  if (line.contains("event")) sent_.push_back({line["event"].at(0).get<std::uint64_t>(), event_of(line)});
  if (line.contains("era ends")) sent_.push_back({{}, {.time = frame("era ends")}});
  for (const char* does : {"let go", "broke off"}) {
    if (!line.contains(does)) continue;
    const auto offset = line.at("offset").get<int>();
    clock_.push_back(
        {frame("at") - offset, offset, line[does].get<std::uint32_t>(), does == std::string_view("let go")});
  }
  if (line.contains("midi")) {
    const auto offset = line.at("offset").get<int>();
    heard_.push_back(
        {frame("at") - offset, offset, line["midi"].get<std::string>(), message_from(line.at("message"))});
  }
  if (line.contains("at")) end_ = std::max(end_, frame("at") + 1);
  if (line.contains("end")) end_ = frame("end");
}

Frames Replay::boundary_after(Frames at) const {
  Frames next = std::min(end_, at + kLongestPiece);
  const auto look = [&](const auto& items, const auto& frame_of) {
    for (const auto& item : items) {
      if (frame_of(item) <= at) continue;
      next = std::min(next, frame_of(item));
      return;
    }
  };
  look(edits_, [](const Edit& one) { return one.seen.now; });
  look(begun_, [](const Count& one) { return one.at; });
  look(taken_, [](const Count& one) { return one.at; });
  look(heard_, [](const Heard& one) { return one.period; });
  look(clock_, [](const Clock& one) { return one.period; });
  return next;
}

void Replay::edit(const Edit& edit) {
  const std::size_t before = ready_.size();
  held_ = edit.seen.held;
  if (edit.patch) {
    std::vector<Mistake> mistakes;
    Plan plan = compile(*edit.patch, rate_, mistakes);
    if (mistakes.empty()) editor_.edit(*edit.patch, plan, mistakes);
    if (!mistakes.empty()) throw Misfit(to_string(mistakes.front()));
    nodes_.know(editor_.instances());
  } else {
    editor_.attend();
    if (ready_.size() == before) does_not_fit(edit.seen.now);
  }
  if (editor_.seen().now != edit.seen.now || editor_.seen().begun != edit.seen.begun)
    does_not_fit(edit.seen.now);
}

void Replay::edit_at(Frames at, bool begun) {
  while (!edits_.empty() && edits_.front().seen.now == at && (edits_.front().seen.begun == at) == begun) {
    edit(edits_.front());
    edits_.pop_front();
  }
}

void Replay::begin_at(Frames at, const Options& options) {
  for (; !begun_.empty() && begun_.front().at == at; begun_.pop_front()) {
    if (ready_.empty()) does_not_fit(at);
    auto program = std::move(ready_.front());
    ready_.pop_front();
    midi_.clear();
    for (const MidiBinding& port : program->midi) midi_.push_back(port.name);
    in_ = channels_from(options.inputs, *program);
    out_channels_ = program->out_channels;
    if (outputs_.empty())
      for (const PortFile& place : options.outputs) outputs_.emplace_back(place, *program);
    else
      for (OutputFile& output : outputs_) output.follow(*program);
    engine_.publish(std::move(program));
  }
}

/// What the audio thread does at the beginning of a period.
void Replay::play_at(Frames at) {
  for (; !clock_.empty() && clock_.front().period == at; clock_.pop_front()) {
    const Clock& one = clock_.front();
    if (one.starts)
      engine_.let_go(one.offset, one.era);
    else
      engine_.break_off(one.offset, one.era);
  }
  for (; !heard_.empty() && heard_.front().period == at; heard_.pop_front()) {
    const Heard& one = heard_.front();
    const auto port = std::ranges::find(midi_, one.port);
    if (port != midi_.end())
      engine_.hear(static_cast<unsigned>(port - midi_.begin()), one.offset, one.message);
  }
  for (; !taken_.empty() && taken_.front().at == at; taken_.pop_front()) {
    if (taken_.front().count > sent_.size()) does_not_fit(at);
    for (unsigned i = 0; i < taken_.front().count; ++i) {
      Sent one = sent_.front();
      sent_.pop_front();
      const auto node = one.node ? nodes_.at(*one.node) : nullptr;
      one.event.target = node.get();
      if ((node != nullptr || !one.node) && !engine_.send(one.event)) does_not_fit(at);
    }
  }
}

bool Replay::run(const Options& options, Reporter& reporter,
                 const std::function<void(Frames done)>& progress) {
  std::vector<std::vector<float>> out;
  for (Frames at = 0; at < end_;) {
    edit_at(at, false);
    begin_at(at, options);
    engine_.collect();
    engine_.take();
    edit_at(at, true);
    play_at(at);
    const int frames = static_cast<int>(boundary_after(at) - at);
    const auto size = static_cast<std::size_t>(frames);
    for (auto& channel : in_)
      channel.resize(std::max(channel.size(), static_cast<std::size_t>(at) + size));  // silence at its end
    out.assign(out_channels_, std::vector<float>(size));
    std::vector<const float*> from, heard;
    std::vector<float*> to;
    for (const auto& channel : in_) from.push_back(channel.data() + at);
    for (auto& channel : out) {
      to.push_back(channel.data());
      heard.push_back(channel.data());
    }
    engine_.run(from.data(), static_cast<unsigned>(from.size()), to.data(), out_channels_, frames);
    for (OutputFile& output : outputs_) output.take(heard, at, frames, end_);
    for (Report report; engine_.receive(report);) reporter.take(report, rate_);
    at += frames;
    progress(at);
    if (console::interrupted_by() != 0) return false;
  }
  for (OutputFile& output : outputs_) output.complete();
  for (OutputFile& output : outputs_) output.close();
  return true;
}

}  // namespace perigee
