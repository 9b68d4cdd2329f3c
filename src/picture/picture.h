// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a planned patch looks like to people: its nodes, wires and latencies in words and numbers, and from
// that the same facts as text, Graphviz, SVG or JSON, one file a format. All of it is pure, and needs no
// audio and no Lua.

#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "plan/plan.h"

namespace perigee {

/// Times are frames throughout. Every text is valid UTF-8 without control characters, so that a format needs
/// only its own escapes.
struct Picture {
  struct Node {
    std::string id;    ///< what messages call it, made unique: "mic", "output main", "gain#12"
    std::string name;  ///< of the global that holds it, or empty
    std::string kind;
    unsigned lanes = 1;
    Frames latency = 0;
    Frames arrival = 0;
    bool floats = false;  ///< it has no arrival of its own: see plan/timing.h
    unsigned order = 0;   ///< place in the order of execution, from 1
    double ns = 0;        ///< for 64 frames, when the picture has times
  };
  struct Wire {
    std::size_t from = 0, to = 0;  ///< index into nodes
    std::string output;            ///< name of a second output, empty for the first
    int lane = -1;                 ///< from 0, or −1 for all of them
    std::string port;
    bool main = false;  ///< ends at its node's first input
    Frames delay = 0;
    bool compensated =
        false;              ///< lined up: arrival + latency of `from`, and the delay, are the arrival of `to`
    bool nocomp = false;    ///< the patch opted out
    bool closes = false;    ///< comes back through feedback
    std::string forced_by;  ///< of a delayed wire: the path that made it wait
  };
  struct Output {
    std::string port;
    Latency latency;
  };
  struct Route {
    std::string from, to;  ///< patterns
  };
  /// How the nodes' times were measured; nanoseconds are for 64 frames.
  struct Times {
    std::string machine, instructions;
    double ns_a_chunk = 0, ns_a_reading = 0;
    std::uint64_t readings = 0, chunks = 0;
  };
  double rate = 48000;
  Frames latency = 0;  ///< of the patch
  std::optional<Times> times;
  std::vector<Node> nodes;  ///< in the order of execution
  std::vector<Wire> wires;  ///< by the node that they end at, in that order
  std::vector<Output> outputs;
  std::vector<Route> routes;  ///< as the script makes them; not drawn
};

/// Of a plan without mistakes. `ns` are the times of the patch's nodes, if they are known.
Picture picture_of(const Patch& patch, const Plan& plan, std::span<const double> ns = {});

std::string text_of(const Picture& picture);  ///< for a terminal
std::string dot_of(const Picture& picture);   ///< for Graphviz
std::string svg_of(const Picture& picture);
std::string json_of(const Picture& picture);

/// "240 frames (5.000 ms)".
std::string in_frames(Frames frames, double rate);

/// The end of a wire that sound comes out of: "mic", "duck.reduction", "mic[2]".
std::string source_name(const Picture& picture, const Picture::Wire& wire);

}  // namespace perigee
