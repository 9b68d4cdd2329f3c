// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A kind of node, declared once as constant data. Validation, help(), the man page, `perigee nodes` and the
// contract test all read this declaration; nothing about a kind is said anywhere else.

#pragma once

#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "node/bank.h"
#include "node/bytes.h"
#include "node/node.h"

namespace perigee {

enum class Unit { none, hz, seconds, db, linear, ratio, frames, cycles, beats, lanes, lufs };
std::string_view symbol(Unit unit);  ///< as written after a number: "Hz", "s", "dB", "" …

/// A number with the unit, as people write it: "4 dB", "0.005 s".
std::string in_words(double number, Unit unit);

/// A signal that goes in or comes out.
struct Port {
  std::string_view name;
  std::string_view doc;
  bool many = false;      ///< takes any number of wires; only as the last input
  bool optional = false;  ///< may stay unwired: then it reads as silence, one lane
};

inline constexpr double kRequired = std::numeric_limits<double>::quiet_NaN();
inline constexpr double kNoLimit = std::numeric_limits<double>::infinity();

/// How a changed number travels to its new value.
enum class Change {
  ramp,  ///< over 5 ms, in a straight line of the parameter's own unit
  step,  ///< at once: gates, indices
};

/// A value that can change while the node runs: a number, or a signal wired to it.
struct Param {
  std::string_view name;
  Unit unit = Unit::none;
  double min = 0;
  double max = 1;
  double initial = 0;  ///< the default, or kRequired
  std::string_view doc;
  Change change = Change::ramp;
  bool heard = false;  ///< a signal wired to it is heard in the output, as that of an input is
};

/// A value that a node is built with; changing it makes another node. Make one with the functions below.
struct Fixed {
  enum class Type { number, text, choice, numbers, points };
  std::string_view name;
  Type type = Type::number;
  Unit unit = Unit::none;
  double min = 0;
  double max = 0;
  double number = 0;      ///< default of a number, or kRequired
  std::string_view text;  ///< default of a text or choice
  std::span<const std::string_view> choices;
  std::string_view doc;
  bool required = false;
};

constexpr Fixed number(std::string_view name, Unit unit, double min, double max, double initial,
                       std::string_view doc) {
  return {.name = name,
          .unit = unit,
          .min = min,
          .max = max,
          .number = initial,
          .doc = doc,
          .required = initial != initial};
}
constexpr Fixed text(std::string_view name, std::string_view initial, std::string_view doc,
                     bool required = false) {
  return {.name = name, .type = Fixed::Type::text, .text = initial, .doc = doc, .required = required};
}
constexpr Fixed choice(std::string_view name, std::span<const std::string_view> choices,
                       std::string_view initial, std::string_view doc) {
  return {.name = name, .type = Fixed::Type::choice, .text = initial, .choices = choices, .doc = doc};
}
constexpr Fixed numbers(std::string_view name, Unit unit, std::string_view doc) {
  return {.name = name, .type = Fixed::Type::numbers, .unit = unit, .doc = doc, .required = true};
}
constexpr Fixed points(std::string_view name, std::string_view doc) {
  return {.name = name, .type = Fixed::Type::points, .doc = doc, .required = true};
}

/// A number that a node shows people: a level, a gain reduction.
struct Reading {
  std::string_view name;
  Unit unit = Unit::none;
  std::string_view doc;
};

/// What the engine itself does for a kind that has no Node class.
enum class Role { process, input, output, feedback };

/// A node that keeps nothing for each lane takes no more.
inline constexpr Bytes kPlainNode{512};

/// The lanes of the widest input or parameter.
unsigned widest(const Setup& setup);

struct Spec {
  std::string_view kind;
  std::string_view
      group;  ///< heading in the manual: sources, level and routing, filters, time, dynamics, seeing
  std::string_view doc;  ///< one sentence, lower case, no full stop
  std::span<const Port> in;
  std::span<const Port> out;
  std::span<const Param> params;
  std::span<const Fixed> fixed;
  std::unique_ptr<Node> (*make)(const Setup&) =
      nullptr;  ///< may throw std::runtime_error: told to the musician

  /// Lanes of the outputs.
  unsigned (*lanes)(const Setup&) = widest;
  /// Declared latency, frames: constant, and known without building the node.
  Frames (*latency)(const Setup&) = [](const Setup&) -> Frames { return 0; };
  /// What the node takes from when it is built until it is freed: never more than this, and not much less. Of
  /// values that have been checked; known without building it.
  Bytes (*memory)(const Setup&) = [](const Setup&) { return kPlainNode; };
  /// … and besides that, while it is being built.
  Bytes (*memory_to_build)(const Setup&) = [](const Setup&) { return Bytes(); };
  /// A mistake that ranges cannot express, in words; empty when all is well. May look at files.
  std::string (*check)(const Setup&) = [](const Setup&) { return std::string(); };

  bool any_lanes =
      false;  ///< inputs may differ in width (join, mix); else each has one lane or all have the same
  bool in_place = false;  ///< process works when an output is the memory of the first input
  bool kinship = false;   ///< wants Block::related
  bool still =
      false;          ///< each output lane holds one value for ever: a control made of it needs no looking at
  bool sink = false;  ///< does its work though nothing reads it: meters
  bool control = false;  ///< what it makes is meant to move parameters, not to be heard
  bool adds_up = false;  ///< the output is dsp::mix of the inputs, lane by lane, and nothing else
  /// The output is the input times a number, rounded once: this one, where the first parameter is `number`,
  /// in a lane of the output. There is one input, one parameter and one output; a sum may do it on the way.
  float (*factor)(float number, unsigned lane) = nullptr;
  /// Many nodes of this kind with the same fixed values, to be run in one call; nullptr when there is nothing
  /// to be gained. The kind's nodes have no latency and no readings.
  std::unique_ptr<Bank> (*bank)(std::span<const BankMember>) = nullptr;
  Role role = Role::process;
  std::span<const Reading> readings = {};
  /// Positional order of arguments, space-separated names; empty: inputs, parameters, fixed values.
  std::string_view args = {};
  /// Index of two fixed numbers, the least and the greatest value of the first parameter in this very node;
  /// −1: none.
  int bounds = -1;
  /// Index of the fixed number that is the greatest value of the first parameter in this very node, if it is
  /// less than the declared one; −1: none. Where a script does not give it, it grows with the parameter's
  /// number.
  int most = -1;
  /// Index of the fixed text that names the MIDI port whose messages its nodes take; −1: none. Empty, they
  /// take only what loops play.
  int hears = -1;
  /// Index of the fixed text that names the MIDI port at which its nodes speak, and after it that of a
  /// pattern to keep it connected to; −1: none. They have no outputs, and are lined up with those of the
  /// patch.
  int says = -1;
  /// Index of two fixed numbers, fade and tail, both in seconds, of a kind whose first parameter chooses one
  /// of its inputs: with a tail, what it leaves sounds on (patch/spillover.h); −1: none.
  int spills = -1;
};

/// The usual `make`.
template <typename T>
std::unique_ptr<Node> make(const Setup& setup) {
  return std::make_unique<T>(setup);
}

}  // namespace perigee

/// Opens a node's declaration, and gives it the name that the registry links by.
#define PERIGEE_NODE(kind)       \
  namespace perigee::nodes {     \
  extern const Spec kind##_spec; \
  }                              \
  constinit const perigee::Spec perigee::nodes::kind##_spec
