// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a declaration says, in short phrases that help, the manual and JSON share.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "node/spec.h"

namespace perigee {

/// How a script calls a kind: "signal:limiter(ceiling, release, { lookahead = 0.005 })".
std::string usage(const Spec& spec);

/// The names of what it takes by position, in order: inputs, parameters, fixed values.
std::vector<std::string_view> positional(const Spec& spec);

/// "-60 to 0 dB", "0 s or more", "any number".
std::string range_of(double min, double max, Unit unit);
/// What may be written for a fixed value: a range, its choices, "a text", "a list of numbers", "points".
std::string allowed(const Fixed& fixed);

/// "-1 dB", or "required".
std::string default_of(const Param& param);
std::string default_of(const Fixed& fixed);

/// What the latency of a kind rests on, found by asking its declaration.
struct LatencyFacts {
  Frames usual = 0;                          ///< frames, at 48 kHz with the defaults
  std::vector<std::string_view> depends_on;  ///< fixed values
};
LatencyFacts latency_facts(const Spec& spec);
/// "none", "240 frames at 48 kHz", "240 frames at 48 kHz, set by lookahead".
std::string in_words(const LatencyFacts& latency);

}  // namespace perigee
