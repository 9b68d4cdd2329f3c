// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "patch/validate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace perigee {

namespace {

void check_inputs(const Patch& patch, NodeId id, std::vector<Mistake>& mistakes) {
  const PatchNode& node = patch.nodes[id];
  if (node.spec->role == Role::feedback && node.inputs[0].node == kNoNode) {
    mistakes.push_back(mistake_of(patch, id, "nothing comes back: it needs :from(signal)"));
    return;
  }
  for (std::size_t i = 0; i < node.spec->in.size(); ++i) {
    const Port& port = node.spec->in[i];
    const bool wired = i < node.inputs.size() && node.inputs[i].node != kNoNode;
    if (!wired && !port.optional)
      mistakes.push_back(mistake_of(patch, id, fmt::format("{} has no signal: {}", port.name, port.doc)));
  }
}

void check_numbers(const Patch& patch, NodeId id, std::vector<Mistake>& mistakes) {
  const PatchNode& node = patch.nodes[id];
  const auto check = [&](std::string_view name, double number, double min, double max, Unit unit,
                         bool required) {
    if (required && std::isnan(number)) {
      mistakes.push_back(mistake_of(patch, id, fmt::format("{} is missing", name)));
      return;
    }
    const std::string text = range_mistake(name, number, min, max, unit);
    if (!text.empty()) mistakes.push_back(mistake_of(patch, id, text));
  };
  for (std::size_t i = 0; i < node.params.size(); ++i) {
    const Param& param = node.spec->params[i];
    if (const auto* number = std::get_if<double>(&node.params[i])) {
      const Range range = range_of(node, i);
      check(param.name, *number, range.min, range.max, param.unit, std::isnan(param.initial));
    }
  }
  for (std::size_t i = 0; i < node.fixed.size(); ++i) {
    const Fixed& fixed = node.spec->fixed[i];
    if (const auto* number = std::get_if<double>(&node.fixed[i])) {
      check(fixed.name, *number, fixed.min, fixed.max, fixed.unit, fixed.required);
    } else if (const auto* text = std::get_if<std::string>(&node.fixed[i]); text != nullptr) {
      if (fixed.required && text->empty())
        mistakes.push_back(mistake_of(patch, id, fmt::format("{} is missing", fixed.name)));
      if (fixed.type == Fixed::Type::choice && std::ranges::count(fixed.choices, *text) == 0)
        mistakes.push_back(mistake_of(
            patch, id,
            fmt::format("{} \"{}\" is not one of {}", fixed.name, *text, fmt::join(fixed.choices, ", "))));
    } else if (const auto* list = std::get_if<std::vector<double>>(&node.fixed[i])) {
      if (fixed.required && list->empty())
        mistakes.push_back(mistake_of(patch, id, fmt::format("{} is empty", fixed.name)));
      for (const double one : *list) check(fixed.name, one, -kNoLimit, kNoLimit, fixed.unit, false);
    } else if (const auto* curve = std::get_if<std::vector<Point>>(&node.fixed[i])) {
      if (fixed.required && curve->empty())
        mistakes.push_back(mistake_of(patch, id, fmt::format("{} is empty", fixed.name)));
      for (const Point& point : *curve) {
        check("time", point.time, 0, kNoLimit, Unit::seconds, false);
        check("value", point.value, -kNoLimit, kNoLimit, Unit::none, false);
      }
    }
  }
}

constexpr std::string_view kPortNames = "at most 64 bytes, without : and /";

bool can_be_a_port(const std::string& name) {
  return name.size() <= 64 && name.find_first_of(":/\n\t") == std::string::npos;
}

void check_midi(const Patch& patch, const std::map<std::string, NodeId>& taken,
                std::vector<Mistake>& mistakes) {
  for (const MidiPort& port : patch.midi) {
    if (const auto other = taken.find(port.name); other != taken.end())
      mistakes.push_back({port.where, fmt::format("port \"{}\" is taken by the {} in line {}", port.name,
                                                  patch.nodes[other->second].spec->kind,
                                                  patch.nodes[other->second].where.line)});
    if (!can_be_a_port(port.name))
      mistakes.push_back(
          {port.where, fmt::format("\"{}\" cannot be a port's name: {}", port.name, kPortNames)});
  }
  for (NodeId id = 0; id < patch.nodes.size(); ++id) {
    const PatchNode& node = patch.nodes[id];
    if (node.spec->hears < 0) continue;
    const auto& heard = std::get<std::string>(node.fixed[static_cast<std::size_t>(node.spec->hears)]);
    if (!heard.empty() && std::ranges::find(patch.midi, heard, &MidiPort::name) == patch.midi.end())
      mistakes.push_back(
          mistake_of(patch, id, fmt::format("there is no MIDI port \"{0}\": midi(\"{0}\") makes it", heard)));
  }
}

/// Inputs and outputs share JACK's name space: one name, one port.
void check_ports(const Patch& patch, std::vector<Mistake>& mistakes) {
  std::map<std::string, NodeId> taken;
  for (NodeId id = 0; id < patch.nodes.size(); ++id) {
    const PatchNode& node = patch.nodes[id];
    const bool says = node.spec->says >= 0;
    if (node.spec->role != Role::input && node.spec->role != Role::output && !says) continue;
    const auto& name =
        std::get<std::string>(node.fixed[says ? static_cast<std::size_t>(node.spec->says) : 0]);
    if (name.empty()) continue;  // missing: told already
    const auto [first, is_new] = taken.emplace(name, id);
    if (!is_new)
      mistakes.push_back(mistake_of(
          patch, id,
          fmt::format("port \"{}\" is taken by the {} in line {}", name,
                      patch.nodes[first->second].spec->kind, patch.nodes[first->second].where.line)));
    if (!can_be_a_port(name))
      mistakes.push_back(
          mistake_of(patch, id, fmt::format("\"{}\" cannot be a port's name: {}", name, kPortNames)));
  }
  check_midi(patch, taken, mistakes);
}

}  // namespace

std::string range_mistake(std::string_view name, double number, double min, double max, Unit unit) {
  if (std::isnan(number)) return fmt::format("{} is not a number (NaN)", name);
  if (std::isinf(number)) return fmt::format("{} is infinite", name);
  if (name == symbol(unit)) unit = Unit::none;  // "frames 3", not "frames 3 frames"
  if (number < min)
    return fmt::format("{} {} is below {}", name, in_words(number, unit), in_words(min, unit));
  // What is too small for a float becomes 0, which every range above holds that holds the number.
  constexpr double kMost = std::numeric_limits<float>::max();
  if (number <= max && std::abs(number) > kMost)
    return fmt::format("{} {} is more than a 32-bit float holds: at most {:.6g}", name,
                       in_words(number, unit), std::copysign(kMost, number));
  if (number <= max) return {};
  const bool is_milliseconds = unit == Unit::seconds && number / 1000 >= min && number / 1000 <= max;
  return fmt::format("{} {} is above {}{}", name, in_words(number, unit), in_words(max, unit),
                     is_milliseconds ? fmt::format("; did you mean ms({:.6g})?", number) : "");
}

std::vector<Mistake> validate(const Patch& patch, const std::vector<Shape>& shapes, double rate) {
  std::vector<Mistake> mistakes;
  for (NodeId id = 0; id < patch.nodes.size(); ++id) {
    const std::size_t before = mistakes.size();
    check_inputs(patch, id, mistakes);
    check_numbers(patch, id, mistakes);
    if (mistakes.size() > before) continue;  // a kind's own check may rely on the declared ranges
    const std::string own = patch.nodes[id].spec->check(setup_of(patch, id, shapes[id], rate));
    if (!own.empty()) mistakes.push_back(mistake_of(patch, id, own));
  }
  check_ports(patch, mistakes);
  if (const auto text = range_mistake("tempo", patch.tempo, kSlowestTempo, kFastestTempo, Unit::none);
      !text.empty())
    mistakes.push_back({patch.clock.where, text});
  return mistakes;
}

}  // namespace perigee
