// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "patch/learned.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "node/registry.h"

namespace perigee {

namespace {

constexpr std::string_view kParam = "param", kController = "cc";
constexpr std::size_t kWire = 0;                                        // of a param's inputs: its controller
constexpr std::size_t kPort = 0, kNumber = 1, kKind = 2, kChannel = 3;  // of the fixed values of a controller
/// A pin is this and the param's name, and what the script gave it, line by line: no script writes such a
/// pin.
constexpr std::string_view kPinned = "learned\n";

bool is_controller(const PatchNode& node) { return node.spec->kind == kController; }

Controller controller_of(const PatchNode& node) {
  return {.port = std::get<std::string>(node.fixed[kPort]),
          .number = static_cast<unsigned>(std::get<double>(node.fixed[kNumber])),
          .kind = std::get<std::string>(node.fixed[kKind]),
          .channel = static_cast<unsigned>(std::get<double>(node.fixed[kChannel]))};
}

std::string pin_of(const std::string& param, const std::optional<Controller>& instead) {
  std::string pin = std::string(kPinned) + param;
  if (instead)
    pin += fmt::format("\n{}\n{}\n{}\n{}", instead->port, instead->number, instead->kind, instead->channel);
  return pin;
}

unsigned number_in(std::string_view text) {
  unsigned number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// What a pin says; nothing if it is another's.
std::optional<Learned> read_pin(std::string_view pin) {
  if (!pin.starts_with(kPinned)) return std::nullopt;
  std::vector<std::string> lines;
  for (pin.remove_prefix(kPinned.size()); true; pin.remove_prefix(lines.back().size() + 1)) {
    lines.emplace_back(pin.substr(0, pin.find('\n')));
    if (lines.back().size() == pin.size()) break;
  }
  Learned learned{.param = lines[0], .controller = {}, .instead = {}};
  if (lines.size() == 5)
    learned.instead = {
        .port = lines[1], .number = number_in(lines[2]), .kind = lines[3], .channel = number_in(lines[4])};
  return learned;
}

/// The param of a name, or kNoNode.
NodeId find_param(const Patch& patch, const std::string& name) {
  for (NodeId id = 0; id < patch.nodes.size(); ++id)
    if (can_learn(patch.nodes[id]) && patch.nodes[id].name == name) return id;
  return kNoNode;
}

/// The controller that a param is wired to, if it is one and no more.
const PatchNode* controller_behind(const Patch& patch, const PatchNode& param) {
  const Source& wire = param.inputs[kWire];
  return wire.node != kNoNode && is_controller(patch.nodes[wire.node]) ? &patch.nodes[wire.node] : nullptr;
}

/// What the script gave a param.
std::optional<Controller> given(const Patch& patch, const PatchNode& param) {
  const PatchNode* node = controller_behind(patch, param);
  if (node == nullptr) return std::nullopt;
  const auto learned = read_pin(node->pin);
  return learned ? learned->instead : controller_of(*node);
}

void wire(Patch& patch, NodeId param, const Controller& controller) {
  PatchNode node = blank(*find_kind(kController));
  const std::string pin = pin_of(patch.nodes[param].name, given(patch, patch.nodes[param]));
  node.where = patch.nodes[param].where;
  node.pin = pin;
  node.fixed[kPort] = controller.port;
  node.fixed[kNumber] = static_cast<double>(controller.number);
  node.fixed[kKind] = controller.kind;
  node.fixed[kChannel] = static_cast<double>(controller.channel);
  patch.nodes[param].inputs[kWire] = {.node = static_cast<NodeId>(patch.nodes.size())};
  patch.nodes.push_back(std::move(node));
}

bool has_port(const Patch& patch, const std::string& name) {
  return std::ranges::find(patch.midi, name, &MidiPort::name) != patch.midi.end();
}

/// Takes a node away that nobody hears any more.
void erase(Patch& patch, NodeId gone) {
  const auto move = [gone](Source& source) {
    if (source.node != kNoNode && source.node > gone) --source.node;
  };
  patch.nodes.erase(patch.nodes.begin() + gone);
  for (PatchNode& node : patch.nodes) {
    std::ranges::for_each(node.inputs, move);
    for (Setting& setting : node.params)
      if (auto* source = std::get_if<Source>(&setting)) move(*source);
  }
}

}  // namespace

std::string to_string(const Controller& controller) {
  std::string options;
  if (controller.kind != "7 bit") options += fmt::format(", kind = \"{}\"", controller.kind);
  if (controller.channel != 0) options += fmt::format(", channel = {}", controller.channel);
  return options.empty() ? fmt::format("midi(\"{}\"):cc({})", controller.port, controller.number)
                         : fmt::format("midi(\"{}\"):cc({}, {{ {} }})", controller.port, controller.number,
                                       options.substr(2));
}

bool can_learn(const PatchNode& node) { return node.spec->kind == kParam; }

std::optional<NodeId> find_learned(const Patch& patch, const std::string& param) {
  const NodeId id = find_param(patch, param);
  if (id == kNoNode) return std::nullopt;
  const Source& wire = patch.nodes[id].inputs[kWire];
  if (wire.node == kNoNode || !read_pin(patch.nodes[wire.node].pin)) return std::nullopt;
  return wire.node;
}

Patch learn(Patch patch, const std::string& param, const Controller& controller) {
  const NodeId id = find_param(patch, param);
  if (id == kNoNode || !has_port(patch, controller.port)) return patch;
  const auto before = find_learned(patch, param);
  wire(patch, id, controller);
  if (before) erase(patch, *before);
  return patch;
}

Source wire_of_script(const Patch& patch, const Source& wire) {
  const auto learned = read_pin(patch.nodes[wire.node].pin);
  if (!learned || !learned->instead) return {};
  const auto is_it = [&](const PatchNode& one) {
    return is_controller(one) && one.pin.empty() && controller_of(one) == *learned->instead;
  };
  const auto found = std::ranges::find_if(patch.nodes, is_it);
  if (found == patch.nodes.end()) return {};
  return {.node = static_cast<NodeId>(found - patch.nodes.begin())};
}

Patch forget(Patch patch, const std::string& param) {
  const auto learned = find_learned(patch, param);
  if (!learned) return patch;
  Source& wire = patch.nodes[find_param(patch, param)].inputs[kWire];
  wire = wire_of_script(patch, wire);
  erase(patch, *learned);
  return patch;
}

std::vector<Learned> learned_in(const Patch& patch) {
  std::vector<Learned> all;
  for (const PatchNode& node : patch.nodes) {
    if (node.pin.empty()) continue;
    auto learned = read_pin(node.pin);
    if (!learned || !is_controller(node)) continue;
    learned->controller = controller_of(node);
    all.push_back(std::move(*learned));
  }
  return all;
}

Patch with_learned(Patch patch, const std::vector<Learned>& all) {
  for (const auto& [param, controller, instead] : all) {
    const NodeId id = find_param(patch, param);
    if (id == kNoNode || !has_port(patch, controller.port)) continue;
    if (given(patch, patch.nodes[id]) == instead) wire(patch, id, controller);
  }
  return patch;
}

}  // namespace perigee
