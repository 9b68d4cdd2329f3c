// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a patch is: nodes, wires and parameters, as a plain value. No audio, no Lua, no JACK.

#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "dsp/bounds.h"
#include "node/spec.h"

namespace perigee {

/// Where in a script something was written. Line 0: nowhere, as in patches that tests build.
struct Place {
  std::string file;
  int line = 0;
  bool operator==(const Place&) const = default;
};

/// Something that the author of the patch has to mend.
struct Mistake {
  Place where;
  std::string text;
};

/// "patch.lua:12: limiter "lim": …", one line.
std::string to_string(const Mistake& mistake);

/// Index of a node in its patch.
using NodeId = std::uint32_t;
inline constexpr NodeId kNoNode = UINT32_MAX;

/// The end of a wire that sound comes out of: an output of a node, or one lane of it.
struct Source {
  NodeId node = kNoNode;
  unsigned output = 0;      ///< index into Spec::out
  int lane = -1;            ///< from 0, or −1 for all of them
  bool compensated = true;  ///< false: nocomp; this wire is not delayed, and delays nobody
  bool operator==(const Source&) const = default;
};

/// A parameter is a number or a wire.
using Setting = std::variant<double, Source>;

struct PatchNode {
  const Spec* spec = nullptr;
  std::string name;  ///< of the global that holds it, or empty
  Place where;       ///< of the call that made it
  std::vector<Source>
      inputs;  ///< one for each port of Spec::in (kNoNode: unwired), then those of a `many` port
  std::vector<Setting> params;  ///< as Spec::params
  std::vector<Value> fixed;     ///< as Spec::fixed
  std::string pin;              ///< by which an edit finds it again, or empty
  std::optional<double> fade;   ///< seconds in which it comes and goes when edited
  bool operator==(const PatchNode&) const = default;
};

/// A port for MIDI that nodes hear by its name (Spec::hears).
struct MidiPort {
  std::string name;
  std::string connect;  ///< pattern to keep connected to, or empty
  Place where;          ///< no part of what it is
  bool told = false;    ///< the control thread is told what comes
  bool operator==(const MidiPort& other) const {
    return name == other.name && connect == other.connect && told == other.told;
  }
};

/// JACK ports that are kept connected: patterns of full names, as a shell has them.
struct Route {
  std::string from, to;
  Place where;  ///< no part of what it is
  bool operator==(const Route& other) const { return from == other.from && to == other.to; }
  auto operator<=>(const Route& other) const { return std::tie(from, to) <=> std::tie(other.from, other.to); }
};

/// Whose beats a patch counts.
struct Clock {
  enum class By : std::uint8_t { itself, jack, midi } by = By::itself;
  bool leads = false;        ///< the other's beats are the patch's own
  double beats_per_bar = 4;  ///< of who leads
  std::string port = {};     ///< that MIDI ticks come in at
  Place where = {};          ///< no part of what it is
  bool operator==(const Clock& other) const {
    return by == other.by && leads == other.leads && beats_per_bar == other.beats_per_bar &&
           port == other.port;
  }
};

/// Beats a minute.
inline constexpr double kSlowestTempo = 1, kFastestTempo = 1000;

/// Nodes in the order of their making, which is not always one in which they can run.
struct Patch {
  std::vector<PatchNode> nodes;
  std::vector<MidiPort> midi = {};
  std::set<Route> routes = {};
  std::filesystem::path folder;  ///< of the script: relative file names start here
  double tempo = 120;            ///< beats a minute
  Clock clock = {};
  bool operator==(const Patch&) const = default;
};

/// What a parameter may be set to in this node: by its declaration, or within the node's own bounds
/// (Spec::bounds).
struct Range {
  double min, max;
};
Range range_of(const PatchNode& node, std::size_t param);
/// The same as a node sees it: each bound is the float that a number of its size becomes.
Bounds bounds_of(const PatchNode& node, std::size_t param);

/// The kind of node that gives a switch its index where that is a number and has to be a signal.
inline constexpr std::string_view kSelector = "selector";

/// A parameter of a node.
struct NumberAt {
  NodeId node = kNoNode;
  unsigned param = 0;
};
/// Where the number of a parameter is: in the node itself or, of a switch that has a tail, in a selector
/// without a name. Nothing if the parameter has a signal of somebody's.
std::optional<NumberAt> number_at(const Patch& patch, NodeId id, unsigned param);

/// A node with every number and fixed value at its default and nothing wired.
PatchNode blank(const Spec& spec);

/// What messages, graphs and reports call a node: its name; or its kind and port, as in "output main"; or its
/// kind and number, as in "gain#12".
std::string label(const Patch& patch, NodeId id);

/// A mistake about a node: `limiter "lim": text`, at its place.
Mistake mistake_of(const Patch& patch, NodeId id, const std::string& text);

}  // namespace perigee
