// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "patch/patch.h"

#include <fmt/format.h>

#include <algorithm>

namespace perigee {

std::string to_string(const Mistake& mistake) {
  if (mistake.where.file.empty()) return mistake.text;
  if (mistake.where.line <= 0) return fmt::format("{}: {}", mistake.where.file, mistake.text);
  return fmt::format("{}:{}: {}", mistake.where.file, mistake.where.line, mistake.text);
}

Range range_of(const PatchNode& node, std::size_t param) {
  const Param& declared = node.spec->params[param];
  if (param == 0 && node.spec->most >= 0)
    return {declared.min,
            std::min(declared.max, std::get<double>(node.fixed[static_cast<std::size_t>(node.spec->most)]))};
  if (param > 0 || node.spec->bounds < 0) return {declared.min, declared.max};
  const auto first = static_cast<std::size_t>(node.spec->bounds);
  const Range own{std::get<double>(node.fixed[first]), std::get<double>(node.fixed[first + 1])};
  return own.min < own.max ? own : Range{declared.min, declared.max};  // else the kind's check tells
}

Bounds bounds_of(const PatchNode& node, std::size_t param) {
  const Range range = range_of(node, param);
  const Bounds all;
  return {static_cast<float>(std::clamp<double>(range.min, all.min, all.max)),
          static_cast<float>(std::clamp<double>(range.max, all.min, all.max))};
}

std::optional<NumberAt> number_at(const Patch& patch, NodeId id, unsigned param) {
  const PatchNode& node = patch.nodes[id];
  const auto* source = std::get_if<Source>(&node.params[param]);
  if (source == nullptr) return NumberAt{id, param};
  if (param > 0 || node.spec->spills < 0 || source->node == kNoNode) return {};
  const PatchNode& selector = patch.nodes[source->node];
  if (selector.spec->kind != kSelector || !selector.name.empty()) return {};
  return NumberAt{source->node, 0};
}

PatchNode blank(const Spec& spec) {
  PatchNode node{.spec = &spec};
  for (const auto& port : spec.in)
    if (!port.many) node.inputs.emplace_back();
  for (const auto& param : spec.params) node.params.emplace_back(param.initial);
  for (const auto& fixed : spec.fixed) {
    switch (fixed.type) {
      case Fixed::Type::number:
        node.fixed.emplace_back(fixed.number);
        break;
      case Fixed::Type::text:
      case Fixed::Type::choice:
        node.fixed.emplace_back(std::string(fixed.text));
        break;
      case Fixed::Type::numbers:
        node.fixed.emplace_back(std::vector<double>{});
        break;
      case Fixed::Type::points:
        node.fixed.emplace_back(std::vector<Point>{});
        break;
    }
  }
  return node;
}

std::string label(const Patch& patch, NodeId id) {
  const auto& node = patch.nodes[id];
  if (!node.name.empty()) return node.name;
  if (node.spec->role == Role::input || node.spec->role == Role::output) {
    const auto& port = std::get<std::string>(node.fixed[0]);
    if (!port.empty()) return fmt::format("{} {}", node.spec->kind, port);
  }
  return fmt::format("{}#{}", node.spec->kind, id + 1);
}

Mistake mistake_of(const Patch& patch, NodeId id, const std::string& text) {
  const auto& node = patch.nodes[id];
  return {node.where, node.name.empty() ? fmt::format("{}: {}", node.spec->kind, text)
                                        : fmt::format("{} \"{}\": {}", node.spec->kind, node.name, text)};
}

}  // namespace perigee
