// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "support/patches.h"

#include <algorithm>
#include <stdexcept>

#include "engine/build.h"

namespace perigee::test {

namespace {

template <typename Declared>
std::size_t place_of(std::span<const Declared> declared, const std::string& name) {
  const auto found =
      std::ranges::find(declared, name, [](const Declared& one) { return std::string(one.name); });
  if (found == declared.end()) throw std::runtime_error("nothing is called " + name);
  return static_cast<std::size_t>(found - declared.begin());
}

}  // namespace

NodeId add(Patch& patch, const Spec& spec, const std::vector<NodeId>& from,
           const std::map<std::string, Value>& fixed, const std::map<std::string, double>& params) {
  PatchNode node = blank(spec);
  node.inputs.resize(std::max(node.inputs.size(), from.size()));
  for (std::size_t i = 0; i < from.size(); ++i) node.inputs[i] = {.node = from[i]};
  for (const auto& [name, value] : fixed) node.fixed[place_of(spec.fixed, name)] = value;
  for (const auto& [name, value] : params) node.params[place_of(spec.params, name)] = value;
  patch.nodes.push_back(std::move(node));
  return static_cast<NodeId>(patch.nodes.size() - 1);
}

NodeId add_input(Patch& patch, const std::string& name, unsigned lanes, const std::string& connect) {
  return add(patch, *find_kind("input"), {},
             {{"name", name}, {"lanes", static_cast<double>(lanes)}, {"connect", connect}});
}

NodeId add_output(Patch& patch, const std::string& name, NodeId from, const std::string& connect) {
  return add(patch, *find_kind("output"), {from}, {{"name", name}, {"connect", connect}});
}

Patch patch_of(const Rig& rig) {
  Patch patch{.folder = rig.folder};
  const Spec& spec = *find_kind(rig.kind);
  std::vector<NodeId> from;
  for (std::size_t i = 0; i < rig.in.size(); ++i)
    from.push_back(add_input(patch, "in " + std::to_string(i), static_cast<unsigned>(rig.in[i].size())));
  std::map<std::string, double> numbers;
  std::map<std::string, NodeId> wired;
  for (const auto& [name, given] : rig.params) {
    if (const auto* sound = std::get_if<Sound>(&given)) {
      wired[name] = add_input(patch, name, static_cast<unsigned>(sound->size()));
    } else {
      numbers[name] = std::get<double>(given);
    }
  }
  const NodeId id = add(patch, spec, from, rig.fixed, numbers);
  for (const auto& [name, input] : wired)
    patch.nodes[id].params[place_of(spec.params, name)] = Source{.node = input};
  for (unsigned i = 0; i < spec.out.size(); ++i) {
    const NodeId output = add_output(patch, "out " + std::to_string(i), id);
    patch.nodes[output].inputs[0].output = i;
  }
  return patch;
}

Sound inputs_of(const Rig& rig) {
  Sound lanes;
  const auto append = [&](const Sound& sound) { lanes.insert(lanes.end(), sound.begin(), sound.end()); };
  for (const auto& sound : rig.in) append(sound);
  for (const auto& [name, given] : rig.params)
    if (const auto* sound = std::get_if<Sound>(&given)) append(*sound);
  return lanes;
}

Built built(const Patch& patch, double rate) {
  std::vector<Mistake> mistakes;
  const Plan plan = compile(patch, rate, mistakes);
  Built result;
  if (mistakes.empty()) result = {build(patch, plan, mistakes), port_latencies(patch, plan)};
  if (mistakes.empty()) return result;
  std::string all;
  for (const auto& mistake : mistakes) all += to_string(mistake) + "\n";
  throw std::runtime_error(all);
}

}  // namespace perigee::test
