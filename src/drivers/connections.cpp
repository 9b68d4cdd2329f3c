// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "drivers/connections.h"

#include <algorithm>

namespace perigee {

namespace {

using Names = std::vector<std::string>;

/// The names of ports that match a pattern.
template <class Which>
Names names_of(std::span<const Patchbay::Port> ports, const std::string& pattern, Which which) {
  Names names;
  for (const auto& port : ports)
    if (which(port) && matches(pattern, port.name)) names.push_back(port.name);
  return names;
}

void add_pairs(std::vector<PortWire>& wires, const Names& from, const Names& to) {
  for (std::size_t i = 0; i < std::min(from.size(), to.size()); ++i) wires.emplace_back(from[i], to[i]);
}

void add_all(std::vector<PortWire>& wires, const Names& from, const Names& to) {
  for (const std::string& one : from)
    for (const std::string& other : to) wires.emplace_back(one, other);
}

/// What was there before is not new.
template <class Line>
void lead_on(std::map<Line, bool>& lines, const auto& wanted) {
  std::map<Line, bool> next;
  for (const Line& line : wanted) {
    const auto before = lines.find(line);
    const bool is_new = before == lines.end() || before->second;
    next.emplace(line, is_new);
  }
  lines = std::move(next);
}

}  // namespace

std::vector<PortWire> wires_of(const Wish& wish, std::span<const Patchbay::Port> ports) {
  const Names peers = names_of(ports, wish.pattern, [&](const Patchbay::Port& port) {
    return port.is_output == wish.is_input && port.is_midi == wish.midi && !port.is_ours;
  });
  std::vector<PortWire> wires;
  const auto &from = wish.is_input ? peers : wish.ours, &to = wish.is_input ? wish.ours : peers;
  wish.ours.size() == 1 ? add_all(wires, from, to) : add_pairs(wires, from, to);
  return wires;
}

std::vector<PortWire> wires_of(const Route& route, std::span<const Patchbay::Port> ports) {
  std::vector<PortWire> wires;
  for (const bool is_midi : {false, true}) {
    const auto names = [&](const std::string& pattern, bool is_output) {
      return names_of(ports, pattern, [&](const Patchbay::Port& port) {
        return port.is_output == is_output && port.is_midi == is_midi;
      });
    };
    const Names from = names(route.from, true), to = names(route.to, false);
    from.size() == 1 || to.size() == 1 ? add_all(wires, from, to) : add_pairs(wires, from, to);
  }
  return wires;
}

void Connections::wish(const std::vector<Wish>& wishes) { lead_on(wishes_, wishes); }

void Connections::route(const std::set<Route>& routes) { lead_on(routes_, routes); }

void Connections::came(const std::string& port) {
  for (auto& [wire, known] : known_)
    if (wire.first == port || wire.second == port) known.again = true;
}

void Connections::went(const Patchbay& patchbay) {
  std::erase_if(known_, [&](const auto& one) {
    return !patchbay.has(one.first.first) || !patchbay.has(one.first.second);
  });
}

void Connections::parted(const PortWire& wire) {
  if (const auto by_us = parting_.find(wire); by_us != parting_.end()) {
    parting_.erase(by_us);
  } else if (const auto found = known_.find(wire); found != known_.end()) {
    found->second.is_ours = false;
  }
}

void Connections::renew(Patchbay& patchbay) {
  const auto ports = patchbay.ports();
  std::map<PortWire, bool> wanted;  // true: by a line that is new
  const auto want = [&](auto& lines) {
    for (auto& [line, is_new] : lines) {
      for (const PortWire& wire : wires_of(line, ports)) wanted[wire] |= is_new;
      is_new = false;
    }
  };
  want(wishes_);
  want(routes_);
  for (const auto& [wire, known] : known_)
    if (known.is_ours && !wanted.contains(wire) && patchbay.disconnect(wire)) parting_.insert(wire);
  std::erase_if(known_, [&](const auto& one) { return !wanted.contains(one.first); });
  for (const auto& [wire, is_new] : wanted) {
    const auto found = known_.find(wire);
    if (found != known_.end() && !found->second.again && !is_new) continue;
    switch (patchbay.connect(wire)) {
      case Patchbay::Connected::now:
        known_[wire] = {.is_ours = true};
        break;
      case Patchbay::Connected::before:  // whoever made it
        known_[wire].again = false;
        break;
      case Patchbay::Connected::not_at_all:
        known_.erase(wire);
        break;
    }
  }
}

}  // namespace perigee
