// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/help.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "patch/validate.h"
#include "script/embedded.h"
#include "script/hint.h"

namespace perigee {

namespace {

std::string range(double min, double max, Unit unit) {
  if (std::isinf(min) && std::isinf(max)) return {};
  if (std::isinf(max)) return fmt::format(", from {}", in_words(min, unit));
  if (std::isinf(min)) return fmt::format(", up to {}", in_words(max, unit));
  return fmt::format(", {:.6g} … {}", min, in_words(max, unit));
}

std::string initial(double number, Unit unit) {
  return std::isnan(number) ? ", required" : fmt::format(", else {}", in_words(number, unit));
}

std::string line(const Spec& spec, const Slot& slot) {
  if (slot.to == Slot::To::input) {
    const Port& port = spec.in[slot.index];
    return fmt::format("  {:12} signal{}{}: {}\n", port.name, port.many ? "s" : "",
                       port.optional ? ", optional" : "", port.doc);
  }
  if (slot.to == Slot::To::param) {
    const Param& param = spec.params[slot.index];
    return fmt::format("  {:12} number or signal{}{}: {}\n", param.name,
                       range(param.min, param.max, param.unit), initial(param.initial, param.unit),
                       param.doc);
  }
  const Fixed& fixed = spec.fixed[slot.index];
  std::string type;
  switch (fixed.type) {
    case Fixed::Type::number:
      type = "number" + range(fixed.min, fixed.max, fixed.unit) + initial(fixed.number, fixed.unit);
      break;
    case Fixed::Type::text:
      type = fixed.required ? "text, required" : "text";
      break;
    case Fixed::Type::choice:
      type = fmt::format("{}, else {}", fmt::join(fixed.choices, ", "), fixed.text);
      break;
    case Fixed::Type::numbers:
      type = "list of numbers";
      break;
    case Fixed::Type::points:
      type = "list of { seconds, value, curve }";
      break;
  }
  return fmt::format("  {:12} fixed {}: {}\n", fixed.name, type, fixed.doc);
}

std::string of_kind(const Kind& kind) {
  const Spec& spec = *kind.spec;
  std::vector<std::string_view> order = kind.names();
  order.resize(kind.positional);
  std::string text = fmt::format("{}({}): {}\n", spec.kind, fmt::join(order, ", "), spec.doc);
  for (const Slot& slot : kind.slots) text += line(spec, slot);
  for (const Port& port : spec.out) text += fmt::format("  → {:10} {}\n", port.name, port.doc);
  text.pop_back();
  return text;
}

/// The comment before `function api.NAME(`, or the one that holds `@function NAME`.
std::string of_function(std::string_view name) {
  for (const Embedded& file : embedded_lua()) {
    if (!file.name.starts_with("api/")) continue;
    const std::string head = fmt::format("function api.{}(", name), tag = fmt::format("@function {}\n", name);
    std::string comment;
    bool tagged = false;
    for (std::size_t at = 0; at < file.text.size();) {
      const std::size_t end = std::min(file.text.find('\n', at), file.text.size());
      std::string_view text = file.text.substr(at, end - at);
      text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
      at = end + 1;
      if (text.starts_with("--")) {
        const std::size_t skip = std::min(text.find_first_not_of("- "), text.size());
        const std::string words = std::string(text.substr(skip)) + "\n";
        tagged = tagged || words == tag;
        if (words != tag) comment += words;
        continue;
      }
      if (tagged || text.starts_with(head)) {
        if (!comment.empty()) comment.pop_back();
        return fmt::format("{}: {}", name, comment);
      }
      comment.clear();
    }
  }
  return {};
}

}  // namespace

std::string help_text(const Kinds& kinds, std::string_view name) {
  if (name.empty()) return fmt::format("help(NAME) tells about one of\n{}", fmt::join(kinds.names(), " "));
  std::string text = of_function(name);
  if (!text.empty()) return text;
  if (const Kind* kind = kinds.find(name)) return of_kind(*kind);
  return fmt::format("there is no {}{}", name, did_you_mean(name, kinds.names()));
}

}  // namespace perigee
