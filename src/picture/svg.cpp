// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <fmt/format.h>

#include <iterator>

#include "picture/layers.h"
#include "picture/picture.h"
#include "text/printable.h"

namespace perigee {

namespace {

constexpr double kLetter = 8.0;  ///< width of the widest text in a box, pixels a letter: 13 px monospace

std::string in_xml(std::string_view text) {
  std::string result;
  for (const char one : text) {
    switch (one) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += one;
    }
  }
  return result;
}

std::string facts(const Picture::Node& node) {
  std::string text = node.kind;
  if (node.lanes > 1) text += fmt::format(" × {}", node.lanes);
  if (node.latency > 0) text += fmt::format(", latency {}", node.latency);
  return text;
}

std::string curve(const std::vector<Spot>& spots) {
  std::string path = fmt::format("M{:.1f} {:.1f}", spots[0].x, spots[0].y);
  for (std::size_t i = 1; i < spots.size(); ++i) {
    const Spot &a = spots[i - 1], &b = spots[i];
    if (i % 2 == 1) {
      const double middle = (a.x + b.x) / 2;
      path += fmt::format(" C{:.1f} {:.1f} {:.1f} {:.1f} {:.1f} {:.1f}", middle, a.y, middle, b.y, b.x, b.y);
    } else {
      path += fmt::format(" L{:.1f} {:.1f}", b.x, b.y);
    }
  }
  return path;
}

/// From the source's right side down through the gap, back at the bottom, and up through the gap before its
/// end.
std::string way_back(const std::vector<Spot>& spots) {
  const Spot &a = spots[0], &low = spots[1], &back = spots[2], &b = spots[3];
  return fmt::format("M{:.1f} {:.1f} H{:.1f} V{:.1f} H{:.1f} V{:.1f} H{:.1f}", a.x, a.y, low.x, low.y, back.x,
                     b.y, b.x);
}

constexpr std::string_view kStyle =
    "rect.page { fill: #fff }\n"
    "rect.node { fill: #f4f6f8; stroke: #4a5560 }\n"
    "rect.late { fill: #fdf3dc }\n"
    "text { font: 13px monospace; fill: #1c2329 }\n"
    "text.facts { font-size: 11px; fill: #5a6672 }\n"
    "text.wire { font-size: 11px; text-anchor: end; stroke: #fff; stroke-width: 3px; paint-order: stroke }\n"
    "path { fill: none; stroke: #4a5560; stroke-width: 1.3 }\n"
    "path.delayed { stroke: #b35c00 }\n"
    "path.nocomp { stroke-dasharray: 2 3 }\n"
    "path.feedback { stroke-dasharray: 7 4; stroke-linejoin: round }\n";

}  // namespace

std::string svg_of(const Picture& picture) {
  const std::string title =
      fmt::format("latency {} at {:.6g} Hz", in_frames(picture.latency, picture.rate), picture.rate);
  std::vector<double> widths;
  for (const auto& node : picture.nodes)
    widths.push_back(24 +
                     kLetter * static_cast<double>(std::max(characters(node.id), characters(facts(node)))));
  Drawing drawing = arrange(picture, widths);
  drawing.width = std::max(drawing.width, 60 + kLetter * static_cast<double>(characters(title)));

  std::string svg;
  const auto out = std::back_inserter(svg);
  fmt::format_to(
      out,
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" "
      "viewBox=\"0 0 {0:.0f} {1:.0f}\">\n<style>\n{2}</style>\n"
      "<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n<text x=\"30\" y=\"30\">{3}</text>\n",
      drawing.width, drawing.height, kStyle, title);
  for (std::size_t i = 0; i < picture.wires.size(); ++i) {
    const auto& wire = picture.wires[i];
    const std::string_view look = wire.closes      ? "feedback"
                                  : wire.nocomp    ? "nocomp"
                                  : wire.delay > 0 ? "delayed"
                                                   : "wire";
    fmt::format_to(out, "<path class=\"{}\" d=\"{}\">", look,
                   wire.closes ? way_back(drawing.routes[i]) : curve(drawing.routes[i]));
    if (!wire.forced_by.empty())
      fmt::format_to(out, "<title>waits {} for {}</title>", wire.delay, in_xml(wire.forced_by));
    svg += "</path>\n";
  }
  for (std::size_t i = 0; i < picture.nodes.size(); ++i) {
    const auto& node = picture.nodes[i];
    const Box& box = drawing.boxes[i];
    const double middle = box.y + box.height / 2;
    fmt::format_to(
        out,
        "<rect class=\"node{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" rx=\"5\"/>\n"
        "<text x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n"
        "<text class=\"facts\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n",
        node.latency > 0 ? " late" : "", box.x, box.y, box.width, box.height, box.x + 12, middle - 3,
        in_xml(node.id), box.x + 12, middle + 13, in_xml(facts(node)));
  }
  for (std::size_t i = 0; i < picture.wires.size(); ++i) {
    const auto& wire = picture.wires[i];
    std::string label = wire.main ? "" : wire.port;
    if (wire.delay > 0) label += fmt::format("{}+{}", label.empty() ? "" : " ", wire.delay);
    const Spot& end = drawing.routes[i].back();
    if (!label.empty())
      fmt::format_to(out, "<text class=\"wire\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", end.x - 5, end.y - 3,
                     in_xml(label));
  }
  svg += "</svg>\n";
  return svg;
}

}  // namespace perigee
