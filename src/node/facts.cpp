// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "node/facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <exception>

namespace perigee {

namespace {

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> all;
  while (!text.empty()) {
    const auto space = std::min(text.find(' '), text.size());
    if (space > 0) all.push_back(text.substr(0, space));
    text.remove_prefix(std::min(space + 1, text.size()));
  }
  return all;
}

std::string literal(const Fixed& fixed) {
  switch (fixed.type) {
    case Fixed::Type::number:
      return fmt::format("{:.6g}", fixed.number);
    case Fixed::Type::text:
    case Fixed::Type::choice:
      return fmt::format("\"{}\"", fixed.text);
    case Fixed::Type::numbers:
    case Fixed::Type::points:
      return "{}";
  }
  return {};
}

/// A call with positional and named arguments.
struct Call {
  std::vector<std::string> positional, named;
};

Call call_of(const Spec& spec) {
  Call call;
  const auto order = words(spec.args);
  const auto has_place = [&](std::string_view name) { return std::ranges::count(order, name) > 0; };
  for (const auto name : order) call.positional.emplace_back(name);
  // What a feedback takes is only made later: it has :from() instead.
  for (const auto& port : spec.in) {
    if (has_place(port.name) || spec.role == Role::feedback) continue;
    if (order.empty())
      call.positional.push_back(fmt::format("{}{}", port.name, port.many ? ", …" : ""));
    else
      call.named.push_back(fmt::format("{0} = {0}", port.name));
  }
  for (const auto& param : spec.params) {
    if (has_place(param.name)) continue;
    if (order.empty())
      call.positional.emplace_back(param.name);
    else
      call.named.push_back(std::isnan(param.initial) ? fmt::format("{0} = {0}", param.name)
                                                     : fmt::format("{} = {:.6g}", param.name, param.initial));
  }
  for (const auto& fixed : spec.fixed) {
    if (has_place(fixed.name)) continue;
    if (order.empty() && fixed.required)
      call.positional.emplace_back(fixed.name);
    else
      call.named.push_back(fixed.required ? fmt::format("{0} = {0}", fixed.name)
                                          : fmt::format("{} = {}", fixed.name, literal(fixed)));
  }
  return call;
}

}  // namespace

std::string usage(const Spec& spec) {
  Call call = call_of(spec);
  std::string text(spec.kind);
  if (!spec.in.empty() && !call.positional.empty() && call.positional.front() == spec.in[0].name) {
    call.positional.erase(call.positional.begin());
    text = "signal:" + text;
  }
  if (!call.named.empty()) call.positional.push_back(fmt::format("{{ {} }}", fmt::join(call.named, ", ")));
  return fmt::format("{}({})", text, fmt::join(call.positional, ", "));
}

std::vector<std::string_view> positional(const Spec& spec) {
  if (!spec.args.empty()) return words(spec.args);
  std::vector<std::string_view> names;
  if (spec.role != Role::feedback)
    for (const Port& port : spec.in) names.push_back(port.name);
  for (const Param& param : spec.params) names.push_back(param.name);
  for (const Fixed& fixed : spec.fixed) names.push_back(fixed.name);
  return names;
}

std::string range_of(double min, double max, Unit unit) {
  if (std::isinf(min) && std::isinf(max)) {
    const std::string_view after = symbol(unit);
    return after.empty() ? "any number" : fmt::format("any number of {}", after);
  }
  if (std::isinf(max)) return in_words(min, unit) + " or more";
  if (std::isinf(min)) return in_words(max, unit) + " or less";
  return fmt::format("{} to {}", in_words(min, Unit::none), in_words(max, unit));
}

std::string allowed(const Fixed& fixed) {
  switch (fixed.type) {
    case Fixed::Type::number:
      return range_of(fixed.min, fixed.max, fixed.unit);
    case Fixed::Type::text:
      return "a text";
    case Fixed::Type::choice:
      return fmt::format("one of {}", fmt::join(fixed.choices, ", "));
    case Fixed::Type::numbers:
      return "a list of numbers";
    case Fixed::Type::points:
      return "a list of points";
  }
  return {};
}

std::string default_of(const Param& param) {
  return std::isnan(param.initial) ? "required" : in_words(param.initial, param.unit);
}

std::string default_of(const Fixed& fixed) {
  if (fixed.required) return "required";
  return fixed.type == Fixed::Type::number ? in_words(fixed.number, fixed.unit) : literal(fixed);
}

namespace {

/// Asks with made-up values: those that have no default stay at the least that they may be.
class LatencyQuestion {
 public:
  explicit LatencyQuestion(const Spec& spec)
      : spec_(spec), ins_(spec.in.size(), 1), params_(spec.params.size(), 1) {
    for (const Fixed& one : spec.fixed) {
      switch (one.type) {
        case Fixed::Type::number:
          fixed_.emplace_back(one.required ? finite(one.min, 1) : one.number);
          break;
        case Fixed::Type::text:
        case Fixed::Type::choice:
          fixed_.emplace_back(std::string(one.text));
          break;
        case Fixed::Type::numbers:
          fixed_.emplace_back(std::vector<double>{});
          break;
        case Fixed::Type::points:
          fixed_.emplace_back(std::vector<Point>{});
          break;
      }
    }
  }

  Frames ask() const {
    return spec_.latency({.rate = 48000, .in_lanes = ins_, .param_lanes = params_, .fixed = fixed_});
  }

  bool depends_on(std::size_t i) {
    const Fixed& one = spec_.fixed[i];
    const Frames usual = ask();
    const Value kept = fixed_[i];
    bool differs = false;
    const auto try_value = [&](Value value) {
      fixed_[i] = std::move(value);
      differs |= ask() != usual;
    };
    if (one.type == Fixed::Type::number) {
      try_value(finite(one.min, 1));
      try_value(finite(one.max, 1000));
    }
    for (const auto choice : one.choices) try_value(std::string(choice));
    fixed_[i] = kept;
    return differs;
  }

 private:
  static double finite(double limit, double otherwise) { return std::isfinite(limit) ? limit : otherwise; }

  const Spec& spec_;
  std::vector<unsigned> ins_, params_;
  std::vector<Value> fixed_;
};

}  // namespace

LatencyFacts latency_facts(const Spec& spec) {
  LatencyQuestion question(spec);
  LatencyFacts facts{.usual = question.ask()};
  for (std::size_t i = 0; i < spec.fixed.size(); ++i)
    if (question.depends_on(i)) facts.depends_on.push_back(spec.fixed[i].name);
  return facts;
}

std::string in_words(const LatencyFacts& latency) {
  if (latency.depends_on.empty())
    return latency.usual == 0 ? "none" : fmt::format("{} frames at 48 kHz", latency.usual);
  return fmt::format("{} frames at 48 kHz by default, set by {}", latency.usual,
                     fmt::join(latency.depends_on, " and "));
}

}  // namespace perigee
