// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/midi_learn.h"

#include <fmt/format.h>

#include <algorithm>

namespace perigee {

std::string MidiLearn::all_learned() const {
  std::string text;
  const auto add = [&](const std::string& line) { text += (text.empty() ? "" : "\n") + line; };
  for (const Learned& one : learned_in(versions_.playing()->patch))
    add(fmt::format("{} = {}", one.param, to_string(one.controller)));
  if (waits()) add(fmt::format("{} waits for a controller", learner_.param()));
  return text;
}

MidiLearn::Answer MidiLearn::take(const Learning& asked) {
  Answer answer;
  const auto wrong = [&](std::string text) {
    answer.mistakes.push_back({asked.where, "learn: " + std::move(text)});
    return answer;
  };
  if (asked.what == Learning::What::tell) {
    if (std::string text = all_learned(); !text.empty()) answer.value = std::move(text);
    return answer;
  }
  learner_.end();
  engine_.report_midi(false);
  if (asked.what == Learning::What::end) return answer;
  const Patch& patch = versions_.playing()->patch;
  const auto& moment = versions_.playing()->moment;
  const auto name =
      std::ranges::find(moment->signals, asked.param, [](const auto& one) { return one.second; });
  if (name == moment->signals.end()) return wrong("no global holds this param, so that it has no name");
  if (asked.what == Learning::What::forget) {
    if (!find_learned(patch, name->first)) return wrong(name->first + " has learned no controller");
    answer.mistakes = change_(forget(patch, name->first));
    answer.changed = answer.mistakes.empty();
    return answer;
  }
  if (patch.midi.empty()) return wrong("the patch has no MIDI port: keys = midi(\"keys\") makes one");
  learner_.begin(name->first);
  engine_.report_midi(true);
  answer.value = fmt::format("{} waits for the controller that is turned next", name->first);
  return answer;
}

void MidiLearn::hear(const Report& report) {
  if (!waits()) return;
  if (const auto controller = learner_.hear(report.at->name, report.message))
    learn(*controller, report.message);
}

void MidiLearn::learn(const Controller& controller, const Message& turned) {
  const std::string param = learner_.param();
  learner_.end();
  engine_.report_midi(false);
  mistakes_ = change_(perigee::learn(versions_.playing()->patch, param, controller));
  const auto learned = find_learned(versions_.playing()->patch, param);
  if (!mistakes_.empty() || !learned) return;
  // It stands where it was turned to.
  Instance* node = versions_.editor().instance(*learned);
  send_({.time = engine_.now(), .target = node, .tells = true, .message = turned});
  notices_.push_back(fmt::format("{0} has learned its controller; cc = {1} in its param keeps it", param,
                                 to_string(controller)));
}

}  // namespace perigee
