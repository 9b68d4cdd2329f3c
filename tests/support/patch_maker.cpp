// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "support/patch_maker.h"

#include <stdexcept>

namespace perigee::test {

namespace {

template <typename List>
std::size_t index_of(const List& list, const std::string& name) {
  for (std::size_t i = 0; i < list.size(); ++i)
    if (list[i].name == name) return i;
  throw std::runtime_error("nothing is called " + name);
}

}  // namespace

Source PatchMaker::add(const Spec& spec, const std::vector<Source>& inputs, const Settings& params,
                       const Values& fixed, const std::string& name) {
  PatchNode node = blank(spec);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (i < node.inputs.size()) {
      node.inputs[i] = inputs[i];
    } else {
      node.inputs.push_back(inputs[i]);
    }
  }
  for (const auto& [key, setting] : params) node.params[index_of(spec.params, key)] = setting;
  for (const auto& [key, value] : fixed) node.fixed[index_of(spec.fixed, key)] = value;
  node.name = name;
  node.where = {"test.lua", static_cast<int>(patch.nodes.size() + 1)};
  patch.nodes.push_back(std::move(node));
  return {static_cast<NodeId>(patch.nodes.size() - 1)};
}

Source PatchMaker::input(const std::string& name, unsigned lanes, const std::string& connect) {
  return add("input", {}, {}, {{"name", name}, {"lanes", static_cast<double>(lanes)}, {"connect", connect}},
             name);
}

Source PatchMaker::output(const std::string& name, Source source, const std::string& connect) {
  return add("output", {source}, {}, {{"name", name}, {"connect", connect}});
}

Source PatchMaker::feedback(double frames, const std::string& name) {
  return add("feedback", {}, {}, {{"frames", frames}}, name);
}

void PatchMaker::close(Source feedback, Source from) { patch.nodes[feedback.node].inputs[0] = from; }

}  // namespace perigee::test
