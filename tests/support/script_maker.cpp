// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "support/script_maker.h"

#include <fmt/format.h>

#include <algorithm>

namespace perigee::test {

namespace {

Temper temper_of(Choices& choices) {
  return choices.of({Temper::sensible, Temper::odd, Temper::hostile, Temper::hostile});
}

}  // namespace

ScriptMaker::ScriptMaker(Choices& choices)
    : choices_(choices), temper_(temper_of(choices)), make_(choices, temper_) {
  for (std::uint32_t left = 1 + choices_.below(10); left > 0; --left) statements_.push_back(statement());
  statements_.push_back(output());
}

std::string ScriptMaker::text() const {
  std::string all;
  for (const std::string& statement : statements_) all += statement + "\n";
  return all;
}

bool ScriptMaker::races() const {
  return std::ranges::any_of(
      statements_, [](const std::string& one) { return one.find("--[[slow]]") != std::string::npos; });
}

void ScriptMaker::edit() {
  for (std::uint32_t left = 1 + choices_.below(3); left > 0; --left) {
    const std::uint32_t at = choices_.below(static_cast<std::uint32_t>(statements_.size()));
    const auto place = statements_.begin() + at;
    switch (choices_.below(5)) {
      case 0:
        *place = statement();
        break;
      case 1:
        statements_.insert(place, statement());
        break;
      case 2:
        if (statements_.size() > 1) statements_.erase(place);
        break;
      case 3:
        std::swap(*place, statements_[choices_.below(static_cast<std::uint32_t>(statements_.size()))]);
        break;
      default:
        statements_.push_back(output());
    }
  }
}

std::string ScriptMaker::output() {
  ++outputs_;
  if (temper_ == Temper::hostile && choices_.once_in(8))
    return fmt::format("output({}, {})", make_.text(), make_.signal(2));
  return fmt::format("output(\"{}\", {})", outputs_ == 1 ? "main" : fmt::format("out{}", outputs_),
                     make_.signal(2));
}

std::string ScriptMaker::node() {
  const std::string name = fmt::format("s{}", ++made_);
  const Spec* spec = nullptr;
  const std::string text = fmt::format("{} = {}", name, make_.node(spec));
  make_.signals.push_back(name);
  if (!spec->params.empty()) make_.nodes.push_back({name, spec});
  return text;
}

/// Of a parameter.
std::string ScriptMaker::setting() {
  if (make_.nodes.empty()) return "";
  const auto& [name, spec] = choices_.of(make_.nodes);
  const std::string assignment = make_.assignment(spec, 2);
  return choices_.once_in(2) ? fmt::format("{}:set{{ {} }}", name, assignment)
                             : fmt::format("{}.{}", name, assignment);
}

std::string ScriptMaker::wiring() {
  const bool again = !make_.signals.empty() && choices_.once_in(3);
  const std::string name = again ? make_.known() : fmt::format("s{}", ++made_);
  std::string text = fmt::format("{} = {}", name, make_.signal());
  if (choices_.once_in(8)) text += fmt::format(":as({})", make_.text());
  if (choices_.once_in(8)) text += fmt::format(":fade({})", make_.number(0, 0.1));
  const bool sounds = text.find("= voices(") != std::string::npos;
  if (!again) (sounds ? make_.voices : make_.signals).push_back(name);
  if (!again && sounds) make_.signals.push_back(name);
  return text;
}

/// Many nodes, wired forwards, backwards or in a web.
std::string ScriptMaker::chain() {
  const std::string name = fmt::format("s{}", ++made_);
  const std::string many = temper_ == Temper::sensible ? std::to_string(2 + choices_.below(20))
                                                       : std::to_string(2 + choices_.below(200));
  const std::string range =
      choices_.once_in(2) ? fmt::format("1, {} - 1", many) : fmt::format("{} - 1, 1, -1", many);
  std::string text;
  switch (choices_.below(4)) {
    case 0:
      text = fmt::format("{0} = {1} for i = 1, {2} do {0} = {0}:lowpass(900 + i) end", name, make_.signal(1),
                         many);
      break;
    case 1:
      text = fmt::format(
          "local b = {{}} for i = 1, {} do b[i] = sine(100 + i) end for i = {} do b[i].hz = b[i + 1] end {} "
          "= b[1]",
          many, range, name);
      break;
    case 2:
      text = fmt::format("{0} = {1} for i = 1, {2} do {0} = join({0}, {0}) end", name, make_.signal(1),
                         temper_ == Temper::hostile ? 1 + choices_.below(40) : 1 + choices_.below(5));
      break;
    default:
      text = fmt::format(
          "local f = {{}} for i = 1, {0} do f[i] = feedback() end for i = {1} do f[i]:from(f[i + "
          "1]:delay(0.01)) end f[{0}]:from({2}) {3} = f[1]",
          many, range, make_.signal(1), name);
  }
  make_.signals.push_back(name);
  return text;
}

std::string ScriptMaker::feedback() {
  const std::string name = fmt::format("s{}", ++made_);
  make_.signals.push_back(name);
  return fmt::format("{0} = feedback() {0}:from(({0} * {1} + {2}):{3})", name, make_.number(-1.5, 1.5),
                     make_.signal(1),
                     choices_.of({"mix()", "delay(0.01)", "lag(100)", "lowpass(500)", "pan(0):mix()"}));
}

/// What a loop or callback does.
std::string ScriptMaker::action() {
  const bool sounds = !make_.voices.empty();
  switch (choices_.below(9)) {
    case 0:
      return fmt::format("wait({})", make_.number(0.01, 1));
    case 1:
    case 2: {
      if (make_.nodes.empty()) return "wait(1/3)";
      const auto& [name, spec] = choices_.of(make_.nodes);
      const std::string assignment = make_.assignment(spec, 0);
      return choices_.once_in(2)
                 ? fmt::format("{}.{}", name, assignment)
                 : fmt::format("{}:set{{ {}, over = {} }}", name, assignment, make_.number(0, 0.5));
    }
    case 3:
      if (sounds)
        return fmt::format("{}:note({}, {}, {})", choices_.of(make_.voices), make_.number(0, 127),
                           make_.number(0, 1), make_.number(0.01, 2));
      return "wait(1/4)";
    case 4:
      return fmt::format("print({})", make_.text());
    case 5:
      return fmt::format("tempo({})", make_.number(20, 300));
    case 6:
      return "local x = 0 for i = 1, 1000 do x = x + i end";
    case 7:
      return fmt::format("osc.send(\"127.0.0.1:9\", \"/a\", {}, {})", make_.any_number(), make_.text());
    default:
      return temper_ == Temper::sensible ? "wait(1/8)" : trouble();
  }
}

std::string ScriptMaker::body() {
  std::string all;
  for (std::uint32_t left = 1 + choices_.below(4); left > 0; --left) all += action() + " ";
  return fmt::format("function(...) {}end", all);
}

std::string ScriptMaker::playing() {
  switch (choices_.below(7)) {
    case 0:
    case 1:
      return fmt::format("loop({}, {})", make_.number(1.0 / 64, 4), body());
    case 2:
      return fmt::format("every({}, {})", make_.number(1.0 / 64, 4), body());
    case 3:
      return fmt::format("midi(\"keys\"):on{{ {} = {} }}", choices_.of({"note", "cc", "bend"}), body());
    case 4:
      return fmt::format("osc.on(\"/a\", {})", body());
    case 5:
      return fmt::format("tempo({})", make_.number(20, 300));
    default:
      return fmt::format("jack.on(\"port\", {})", body());
  }
}

/// What nobody would write on purpose; marked where it takes the time that a script has.
std::string ScriptMaker::trouble() {
  switch (choices_.below(16)) {
    case 0:
      return fmt::format("error({})", make_.text());
    case 1:
      return "error(setmetatable({}, { __tostring = function() error('again') end }))";
    case 2:
      return fmt::format("while true do wait({}) end --[[slow]]", make_.number(0, 1e-9));
    case 3:
      return "pcall(error)";
    case 4:
      return fmt::format("coroutine.yield({})", make_.any_number());
    case 5:
      return "local t = {} for i = 1, 1e5 do t[i] = {i} end";
    case 6:
      return fmt::format("state.x = {}",
                         choices_.of({"1", "{}", "print", "sine(1)", "state", "('x'):rep(1e6)"}));
    case 7:
      return fmt::format("local c = coroutine.wrap(function() {} end) pcall(c)", action());
    case 8:
      return "while true do end --[[slow]]";
    case 9:
      return "local s = ('a'):rep(40) s:find(('a?'):rep(40) .. ('a'):rep(40)) --[[slow]]";
    case 10:
      return "local s = 'x' for i = 1, 40 do s = s .. s end --[[slow]]";
    case 11:
      return fmt::format("{} = {}", make_.known(), make_.any_number());
    case 12:
      return fmt::format("route({}, {})", make_.text(), make_.text());
    case 13:
      return fmt::format("setmetatable(_G, {{ __index = function() return {} end }})", make_.any_number());
    case 14:
      return fmt::format("loop({}, function() end)", make_.number(1.0 / 64, 4));
    default:
      return fmt::format("for i = 1, {} do {} end", 1 + choices_.below(300), action());
  }
}

std::string ScriptMaker::statement() {
  switch (choices_.below(temper_ == Temper::sensible ? 10U : 13U)) {
    case 0:
    case 1:
      return wiring();
    case 2:
    case 3:
      return node();
    case 4:
      return setting();
    case 5:
      return playing();
    case 6:
      return chain();
    case 7:
      return feedback();
    case 8:
      return output();
    case 9: {
      const std::string name = fmt::format("s{}", ++made_);
      make_.signals.push_back(name);
      return fmt::format("{} = param{{ {}, 0, 2 }}", name, make_.number(0, 2));
    }
    case 10:
      return setting();
    case 11:
      return trouble();
    default:
      return fmt::format("{}:set{{ {} }}", make_.known(), make_.assignment(nullptr, 2));
  }
}

std::string ScriptMaker::code() {
  switch (choices_.below(8)) {
    case 0:
      return "undo()";
    case 1:
      return "redo()";
    case 2:
      return "hush()";
    case 3:
      return setting();
    case 4:
      return fmt::format("return tree({}), ls()", make_.known());
    case 5:
      return fmt::format("{0} = {0}:{1}", make_.known(),
                         choices_.of({"lowpass(300)", "mix()", "lag(10)", "delay(0.1)"}));
    default:
      return statement();
  }
}

}  // namespace perigee::test
