// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "support/expression_maker.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "node/registry.h"

namespace perigee::test {

namespace {

std::string in_lua(double number) {
  if (std::isnan(number)) return "0/0";
  if (std::isinf(number)) return number > 0 ? "1/0" : "-1/0";
  return fmt::format("{:.17g}", number);
}

}  // namespace

std::string ExpressionMaker::number(double least, double most) {
  const bool bounded = std::isfinite(least) && std::isfinite(most);
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  const auto extremes = {0.0,   -1.0,      1e-320, 5e-324,  1e39,    1e308,  -1e308,       kNoLimit,
                         -1e39, -kNoLimit, kNaN,   65536.0, 65537.0, 9.1e15, 4294967296.0, 1e-9};
  if (temper_ == Temper::hostile && choices_.once_in(6)) return in_lua(choices_.of(extremes));
  if (!bounded) return in_lua(choices_.of({1.0, 0.5, 0.0, -1.0, 2.0, 440.0, 0.1, 1000.0, -0.25, 60.0}));
  if (temper_ != Temper::sensible && choices_.once_in(5)) {
    const double past = std::max(1.0, std::abs(most) * 0.01);
    return in_lua(choices_.of({least, most, most + past, least - past, least + (most - least) * 1e-6}));
  }
  // Most are where people set them: near the lower end of a wide range.
  const double part = (1 + choices_.below(64)) / 65.0;
  if (least > 0) return in_lua(least * std::pow(most / least, part));
  return in_lua(least < 0 ? least + (most - least) * part : most * part * part * part);
}

std::string ExpressionMaker::count() {
  if (temper_ == Temper::hostile && choices_.once_in(8))
    return choices_.of({"40000", "65536", "65537", "0", "-1", "1e9", "2.5", "0/0", "3000"});
  if (temper_ != Temper::sensible && choices_.once_in(8))
    return choices_.of({"300", "64", "65", "1000", "257"});
  if (temper_ != Temper::sensible && choices_.once_in(6)) return std::to_string(1 + choices_.below(8));
  return std::to_string(width_);
}

std::string ExpressionMaker::text() {
  if (temper_ == Temper::hostile && choices_.once_in(4))
    return choices_.of({R"("")", R"("\255\254")", R"("\27[2J")", R"("a:b/c")", R"(("x"):rep(300))", R"("\0")",
                        R"("system:*")", R"("../../etc/passwd")", R"(".")", R"("main_1")"});
  return choices_.of({R"("main")", R"("a")", R"("b")", R"("left:*")", R"("left")"});
}

std::string ExpressionMaker::known() {
  if (signals.empty()) return "sine(220)";
  return signals[signals.size() - 1 - choices_.below(static_cast<std::uint32_t>(signals.size()))];
}

std::string ExpressionMaker::setting(double least, double most, unsigned deep) {
  if (deep > 0 && choices_.once_in(4)) {
    if (temper_ == Temper::sensible || choices_.once_in(2)) {
      const double middle = std::isfinite(least + most) ? (least + most) / 2 : 1;
      return fmt::format("(lfo({}) * {} + {})", number(0.1, 20), in_lua(middle / 2), in_lua(middle));
    }
    return signal(deep - 1);
  }
  return number(least, most);
}

const Spec& ExpressionMaker::kind(bool wants_input) {
  std::vector<const Spec*> fit;
  for (const Spec* spec : all_kinds())
    if (spec->role == Role::process && spec->says < 0 && (spec->hears < 0) && !spec->out.empty() &&
        spec->in.empty() != wants_input)
      fit.push_back(spec);
  return *choices_.of(fit);
}

std::string ExpressionMaker::node(const Spec*& spec) {
  spec = &kind(choices_.below(3) > 0);
  return call(*spec, 2);
}

std::string ExpressionMaker::assignment(const Spec* spec, unsigned deep) {
  std::vector<const Param*> fit;
  if (temper_ == Temper::hostile && choices_.once_in(8)) spec = nullptr;
  for (const Spec* one : all_kinds())
    if (one == spec || spec == nullptr)
      for (const Param& param : one->params) fit.push_back(&param);
  if (fit.empty()) return "value = 1";
  const Param& param = *choices_.of(fit);
  return fmt::format("{} = {}", param.name, setting(param.min, param.max, deep));
}

std::string ExpressionMaker::fixed(const Fixed& fixed) {
  switch (fixed.type) {
    case Fixed::Type::number:
      if (fixed.unit == Unit::lanes) return count();
      if (fixed.unit == Unit::frames && (temper_ == Temper::sensible || !choices_.once_in(4)))
        return std::to_string(64 + choices_.below(1000));
      return number(fixed.min, std::min(fixed.max, fixed.min + (temper_ == Temper::sensible ? 4800 : 1e7)));
    case Fixed::Type::text:
      return fixed.name == "file" && !(temper_ == Temper::hostile && choices_.once_in(4)) ? "\"sample.wav\""
                                                                                          : text();
    case Fixed::Type::choice:
      return fmt::format("\"{}\"",
                         fixed.choices[choices_.below(static_cast<std::uint32_t>(fixed.choices.size()))]);
    case Fixed::Type::numbers:
      return choices_.once_in(3) ? fmt::format("{{ {}, {}, {} }}", any_number(), any_number(), any_number())
                                 : fmt::format("{{ {} }}", any_number());
    case Fixed::Type::points:
      return fmt::format("{{ {{0, {}}}, {{{}, {}, \"{}\"}}, {{{}, {}}} }}", any_number(), number(0.001, 0.1),
                         any_number(), choices_.of({"lin", "exp", "s", "step"}), number(0.1, 1),
                         any_number());
  }
  return "nil";
}

/// kind{ name = value, … }, on a signal if the kind has inputs.
std::string ExpressionMaker::call(const Spec& spec, unsigned deep) {
  std::string all;
  const auto add = [&](std::string_view name, const std::string& value) {
    all += fmt::format("{}{} = {}", all.empty() ? "" : ", ", name, value);
  };
  for (std::size_t i = 1; i < spec.in.size(); ++i)
    if (!spec.in[i].optional || choices_.once_in(3)) add(spec.in[i].name, signal(deep > 0 ? deep - 1 : 0));
  for (const Param& param : spec.params)
    if (std::isnan(param.initial) || choices_.once_in(3))
      add(param.name, setting(param.min, param.max, deep > 0 ? deep - 1 : 0));
  for (const Fixed& one : spec.fixed)
    if (one.required || choices_.once_in(3)) add(one.name, fixed(one));
  if (spec.in.empty()) return fmt::format("{}{{ {} }}", spec.kind, all);
  if (spec.in[0].many) {
    std::string list = signal(deep > 0 ? deep - 1 : 0);
    for (std::uint32_t i = choices_.below(3); i > 0; --i) list += ", " + signal(deep > 0 ? deep - 1 : 0);
    if (spec.kind == "switch")
      return fmt::format("switch({}, {{ {} }}, {{ fade = {} }})", setting(0, 1, deep > 0 ? deep - 1 : 0),
                         list, number(0, 0.05));
    return fmt::format("{}{{ {} }}", spec.kind, list);
  }
  return fmt::format("{}:{}{{ {} }}", signal(deep > 0 ? deep - 1 : 0), spec.kind, all);
}

std::string ExpressionMaker::source(unsigned deep) {
  switch (choices_.below(8)) {
    case 0:
      return fmt::format("sine({})", number(20, 5000));
    case 1:
      return known();
    case 2:
      return fmt::format("saw({})", setting(20, 5000, deep));
    case 3:
      return fmt::format("lanes({}, function(i) return {} * i end)", count(), number(20, 100));
    case 4:
      return fmt::format("input(\"in{}\", {})", choices_.below(3), count());
    case 5:
      return fmt::format("constant({})", any_number());
    case 6:
      return fmt::format("saw(lanes({}, function(i) return {} + i end))", count(), number(20, 100));
    default:
      return call(kind(false), deep);
  }
}

std::string ExpressionMaker::of_voice() {
  return choices_.of({"v.hz", "v.gate", "v.velocity", "v.pressure", "saw(v.hz)", "v.gate:adsr()"});
}

std::string ExpressionMaker::combination(unsigned deep) {
  const std::string a = signal(deep - 1);
  switch (choices_.below(10)) {
    case 0:
      return fmt::format("({} + {})", a, signal(deep - 1));
    case 1:
      return fmt::format("({} * {})", a, number(-2, 2));
    case 2:
      return fmt::format("({} * {})", a, signal(deep - 1));
    case 3:
      return fmt::format("({} - {})", a, signal(deep - 1));
    case 4:
      return fmt::format("({} / {})", a, setting(0.1, 4, deep - 1));
    case 5:
      return fmt::format("join({}, {})", a, choices_.once_in(3) ? a : signal(deep - 1));
    case 6:
      return fmt::format("{}:mix()", a);
    case 7:
      return fmt::format("({})[{}]", a, 1 + choices_.below(3));
    case 8:
      return fmt::format("nocomp({})", a);
    default:
      return fmt::format("sum{{ {}, {} }}", a, signal(deep - 1));
  }
}

std::string ExpressionMaker::signal(unsigned deep) {
  if (in_voice_ && choices_.once_in(2)) return of_voice();
  if (deep == 0) return choices_.once_in(2) ? known() : source(0);
  switch (choices_.below(6)) {
    case 0:
    case 1:
      return source(deep - 1);
    case 2:
    case 3:
      return call(kind(true), deep);
    case 4:
      return combination(deep);
    default:
      break;
  }
  if (in_voice_) return of_voice();
  in_voice_ = true;
  const std::string keys = choices_.once_in(2) ? ", midi(\"keys\")" : "";
  const std::string body = signal(deep - 1);
  in_voice_ = false;
  return fmt::format("voices({}{}, function(v) return {} end)", count(), keys, body);
}

}  // namespace perigee::test
