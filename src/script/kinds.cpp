// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/kinds.h"

#include <algorithm>

namespace perigee {

namespace {

std::vector<Slot> declared(const Spec& spec) {
  std::vector<Slot> slots;
  // What a feedback takes is only made later: it has :from() instead.
  if (spec.role != Role::feedback)
    for (std::size_t i = 0; i < spec.in.size(); ++i)
      slots.push_back({Slot::To::input, i, spec.in[i].name, spec.in[i].many});
  for (std::size_t i = 0; i < spec.params.size(); ++i)
    slots.push_back({Slot::To::param, i, spec.params[i].name});
  for (std::size_t i = 0; i < spec.fixed.size(); ++i)
    slots.push_back({Slot::To::fixed, i, spec.fixed[i].name});
  return slots;
}

/// Moves the named slots to the front, in the order of the names; returns how many there are.
std::size_t arrange(std::vector<Slot>& slots, std::string_view names) {
  std::size_t done = 0;
  while (!names.empty()) {
    const auto space = names.find(' ');
    const std::string_view name = names.substr(0, space);
    const auto from = slots.begin() + static_cast<std::ptrdiff_t>(done);
    const auto found = std::find_if(from, slots.end(), [&](const Slot& slot) { return slot.name == name; });
    if (found != slots.end()) {
      std::rotate(from, found, found + 1);
      ++done;
    }
    if (space == std::string_view::npos) break;
    names.remove_prefix(space + 1);
  }
  return done;
}

}  // namespace

const Slot* Kind::find(std::string_view name) const {
  const auto found = std::ranges::find(slots, name, &Slot::name);
  return found == slots.end() ? nullptr : &*found;
}

const Slot* Kind::first(Slot::To to) const {
  const auto found = std::ranges::find(slots, to, &Slot::to);
  return found == slots.end() ? nullptr : &*found;
}

std::vector<std::string_view> Kind::names() const {
  std::vector<std::string_view> names;
  for (const Slot& slot : slots) names.push_back(slot.name);
  return names;
}

Kinds::Kinds(std::span<const Spec* const> specs) {
  for (const Spec* spec : specs) {
    Kind kind{.spec = spec, .slots = declared(*spec)};
    kind.positional = spec->args.empty() ? kind.slots.size() : arrange(kind.slots, spec->args);
    if (by_name_.emplace(spec->kind, all_.size()).second) all_.push_back(std::move(kind));
  }
}

const Kind* Kinds::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &all_[found->second];
}

std::vector<std::string_view> Kinds::names() const {
  std::vector<std::string_view> names;
  for (const Kind& kind : all_) names.push_back(kind.spec->kind);
  return names;
}

}  // namespace perigee
