// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <fmt/format.h>

#include <iterator>

#include "picture/picture.h"

namespace perigee {

namespace {

/// For a quoted string: the quote ends it, and a backslash starts one of Graphviz' own escapes.
std::string in_quotes(std::string_view text) {
  std::string result;
  for (const char one : text) {
    if (one == '"' || one == '\\') result += '\\';
    result += one;
  }
  return result;
}

std::string_view style(const Picture::Wire& wire) {
  if (wire.closes) return "dashed";
  return wire.nocomp ? "dotted" : "solid";
}

}  // namespace

std::string dot_of(const Picture& picture) {
  std::string dot;
  const auto out = std::back_inserter(dot);
  fmt::format_to(out,
                 "digraph patch {{\n"
                 "  label=\"latency {} at {:.6g} Hz\";\n"
                 "  rankdir=LR;\n"
                 "  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n"
                 "  edge [fontname=\"sans-serif\", fontsize=10];\n",
                 in_frames(picture.latency, picture.rate), picture.rate);
  for (std::size_t i = 0; i < picture.nodes.size(); ++i) {
    const auto& node = picture.nodes[i];
    fmt::format_to(out, "  n{} [label=\"{}\\n{}{}{}\"];\n", i, in_quotes(node.id), in_quotes(node.kind),
                   node.lanes > 1 ? fmt::format(" × {}", node.lanes) : "",
                   node.latency > 0 ? fmt::format(", latency {}", node.latency) : "");
  }
  for (const auto& wire : picture.wires) {
    std::string label = wire.main ? "" : wire.port;
    if (wire.delay > 0) label += fmt::format("{}+{}", label.empty() ? "" : " ", wire.delay);
    fmt::format_to(out, "  n{} -> n{} [style={}{}, label=\"{}\", tooltip=\"{}\"];\n", wire.from, wire.to,
                   style(wire), wire.closes ? ", constraint=false" : "", in_quotes(label),
                   in_quotes(wire.forced_by));
  }
  dot += "}\n";
  return dot;
}

}  // namespace perigee
