// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "patch/likeness.h"

#include <functional>

namespace perigee {

namespace {

bool is_port(const PatchNode& node) {
  return node.spec->role == Role::input || node.spec->role == Role::output;
}

/// Pins aside.
bool same_make(const Side& a, NodeId i, const Side& b, NodeId k) {
  const PatchNode &x = a.node(i), &y = b.node(k);
  if (x.spec != y.spec) return false;
  if (is_port(x))
    return x.fixed[0] == y.fixed[0] && a.shapes[i].lanes == b.shapes[k].lanes &&
           a.shapes[i].in_lanes == b.shapes[k].in_lanes;
  return x.fixed == y.fixed && a.shapes[i].lanes == b.shapes[k].lanes &&
         a.shapes[i].in_lanes == b.shapes[k].in_lanes && a.shapes[i].param_lanes == b.shapes[k].param_lanes;
}

bool same_numbers(const PatchNode& a, const PatchNode& b) {
  for (std::size_t p = 0; p < a.params.size(); ++p) {
    const auto *first = std::get_if<double>(&a.params[p]), *second = std::get_if<double>(&b.params[p]);
    if ((first == nullptr) != (second == nullptr)) return false;
    if (first != nullptr && *first != *second) return false;
  }
  return true;
}

/// A hash of all that is added.
class Mix {
 public:
  template <typename T>
  void add(const T& one) {
    sum_ = (sum_ ^ std::hash<T>{}(one)) * 0x9E3779B97F4A7C15U;
    sum_ ^= sum_ >> 32U;
  }
  void add(const Value& value) {
    if (const auto* number = std::get_if<double>(&value)) add(*number);
    if (const auto* text = std::get_if<std::string>(&value)) add(*text);
    if (const auto* numbers = std::get_if<std::vector<double>>(&value))
      for (const double one : *numbers) add(one);
    if (const auto* points = std::get_if<std::vector<Point>>(&value))
      for (const Point& one : *points) add(one.time), add(one.value);
  }
  std::uint64_t sum() const { return sum_; }

 private:
  std::uint64_t sum_ = 1;
};

}  // namespace

bool same_build(const Side& a, NodeId i, const Side& b, NodeId k) {
  const PatchNode &x = a.node(i), &y = b.node(k);
  if (!x.pin.empty() && !y.pin.empty() && x.pin != y.pin) return false;
  return same_make(a, i, b, k);
}

bool same_literals(const Side& a, NodeId i, const Side& b, NodeId k) {
  return same_build(a, i, b, k) && same_numbers(a.node(i), b.node(k));
}

std::size_t Families::Hash::operator()(const Member& one) const {
  const PatchNode& node = one.side->node(one.id);
  const Shape& shape = one.side->shapes[one.id];
  Mix mix;
  mix.add(node.spec);
  mix.add(shape.lanes);
  for (const unsigned lanes : shape.in_lanes) mix.add(lanes);
  const std::span fixed(node.fixed);
  for (const Value& value : is_port(node) ? fixed.first(1) : fixed) mix.add(value);
  if (by == By::literals)
    for (const Setting& setting : node.params)
      if (const auto* number = std::get_if<double>(&setting)) mix.add(*number);
  return mix.sum();
}

bool Families::Equal::operator()(const Member& one, const Member& other) const {
  return same_make(*one.side, one.id, *other.side, other.id) &&
         (by == By::build || same_numbers(one.side->node(one.id), other.side->node(other.id)));
}

std::vector<Likeness> Families::of(const Side& side, std::span<const NodeId> nodes) {
  std::vector<Likeness> all;
  all.reserve(nodes.size());
  for (const NodeId id : nodes) {
    const auto next = static_cast<std::uint32_t>(numbers_.size());
    const auto found = numbers_.try_emplace({&side, id}, next).first;
    all.push_back({found->second, !side.node(id).pin.empty()});
  }
  return all;
}

}  // namespace perigee
