// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "node/describe.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "node/facts.h"

namespace perigee {

namespace {

/// Columns as wide as their widest cell; the last one, prose, is not padded.
std::string table(std::string_view heading, const std::vector<std::vector<std::string>>& rows) {
  if (rows.empty()) return {};
  std::vector<int> widths(rows[0].size());
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], static_cast<int>(fmt::formatted_size("{}", row[i])));
  std::string text = fmt::format("\n{}\n", heading);
  for (const auto& row : rows) {
    text += "  ";
    for (std::size_t i = 0; i + 1 < row.size(); ++i) text += fmt::format("{:{}}  ", row[i], widths[i]);
    text += row.back() + "\n";
  }
  return text;
}

std::string extra(const Port& port) {
  std::string text(port.doc);
  if (port.many) text += " (any number of them)";
  if (port.optional) text += " (may be left out)";
  return text;
}

}  // namespace

std::string describe(const Spec& spec) {
  std::vector<std::vector<std::string>> in, out, params, fixed, readings;
  for (const auto& port : spec.in) in.push_back({std::string(port.name), extra(port)});
  for (const auto& port : spec.out) out.push_back({std::string(port.name), extra(port)});
  for (const auto& one : spec.params)
    params.push_back(
        {std::string(one.name), default_of(one), range_of(one.min, one.max, one.unit), std::string(one.doc)});
  for (const auto& one : spec.fixed)
    fixed.push_back({std::string(one.name), default_of(one), allowed(one), std::string(one.doc)});
  for (const auto& one : spec.readings)
    readings.push_back({std::string(one.name), std::string(symbol(one.unit)), std::string(one.doc)});
  return fmt::format("{}: {}\n\n  {}\n{}{}{}{}{}\nlatency: {}\n", spec.kind, spec.doc, usage(spec),
                     table("inputs", in), table("outputs", out),
                     table("parameters (a number or a signal)", params),
                     table("fixed values (a change makes a new node)", fixed), table("readings", readings),
                     in_words(latency_facts(spec)));
}

std::string describe(std::span<const Spec* const> kinds) {
  std::string text;
  std::string_view group;
  std::size_t widest = 0;
  for (const Spec* spec : kinds) widest = std::max(widest, spec->kind.size());
  for (const Spec* spec : kinds) {
    if (spec->group != group) text += fmt::format("{}{}\n", text.empty() ? "" : "\n", spec->group);
    group = spec->group;
    text += fmt::format("  {:{}}  {}\n", spec->kind, widest, spec->doc);
  }
  return text;
}

}  // namespace perigee
