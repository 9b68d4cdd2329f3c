// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Expressions of Lua, from choices: numbers and signals. All kinds that are declared take part.

#pragma once

#include <string>
#include <vector>

#include "node/spec.h"
#include "support/choices.h"

namespace perigee::test {

/// How far a generated script goes from what a musician would write.
enum class Temper : std::uint8_t { sensible, odd, hostile };

class ExpressionMaker {
 public:
  ExpressionMaker(Choices& choices, Temper temper)
      : choices_(choices), temper_(temper), width_(choices.of({1U, 1U, 2U, 3U, 8U})) {}

  std::string number(double least, double most);
  std::string any_number() { return number(-kNoLimit, kNoLimit); }
  /// How many lanes or voices.
  std::string count();
  /// `deep`: so many calls may be nested in it.
  std::string signal(unsigned deep = 3);
  /// A number or a signal.
  std::string setting(double least, double most, unsigned deep);
  std::string text();
  /// A call that makes a node of some kind, which is told.
  std::string node(const Spec*& spec);
  /// A parameter, mostly of a kind that has it, and what it is set to: "cutoff = 900".
  std::string assignment(const Spec* spec, unsigned deep);
  /// A global that holds a signal, if there is one.
  std::string known();

  /// The globals that hold signals, and those of them that hold voices.
  std::vector<std::string> signals, voices;
  /// Globals that hold nodes with parameters.
  struct Known {
    std::string name;
    const Spec* spec;
  };
  std::vector<Known> nodes;

 private:
  std::string call(const Spec& spec, unsigned deep);
  std::string fixed(const Fixed& fixed);
  std::string source(unsigned deep);
  std::string combination(unsigned deep);
  std::string of_voice();
  const Spec& kind(bool wants_input);

  Choices& choices_;
  Temper temper_;
  unsigned width_;
  bool in_voice_ = false;
};

}  // namespace perigee::test
