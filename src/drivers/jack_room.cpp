// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "drivers/jack_room.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "drivers/driver.h"

namespace perigee {

namespace {

/// jackd 1.9.21: its port 0 is none, and it has 2048 unless -p says otherwise, which is 4096 at most.
constexpr unsigned kUsual = 2047, kMost = 4095;
/// Of those, left for others, who come while we register.
constexpr unsigned kForOthers = 31;
/// jackd has 2048 for the inputs of a client, and as many for its outputs.
constexpr unsigned kOfClient = 2000;
/// With the client's name; jackd cuts off what is longer, though its library says that there is room for
/// more.
constexpr std::size_t kLongestName = 255;

}  // namespace

JackRoom::JackRoom(std::string client, std::span<const Patchbay::Port> ports)
    : client_(std::move(client)),
      all_((ports.size() > kUsual ? kMost : kUsual) - kForOthers),
      taken_(static_cast<unsigned>(std::ranges::count(ports, false, &Patchbay::Port::is_ours))) {}

void JackRoom::take(bool is_output) {
  ++taken_;
  ++ours_[is_output ? 1 : 0];
}

unsigned JackRoom::left(bool is_output) const {
  const unsigned ours = ours_[is_output ? 1 : 0];
  return std::min(all_ - std::min(taken_, all_), kOfClient - std::min(ours, kOfClient));
}

void JackRoom::want(const std::string& of, const std::string& name, bool is_output, unsigned lanes) {
  const std::string full = client_ + ":" + name;
  if (full.size() > kLongestName)
    throw NoRoom(of, fmt::format("\"{}\" is too long a name for a port of JACK: with the client's it has {} "
                                 "bytes, and {} at most are possible",
                                 full, full.size(), kLongestName));
  if (!wanted_.insert((is_output ? "out " : "in ") + name).second) return;
  if (of_ != of) before_ = left(is_output);
  of_ = of;
  if (left(is_output) == 0)
    throw NoRoom(of, fmt::format("\"{}\" needs {} {} of JACK, and there is room for {}: all programs have {} "
                                 "together, and each {} {}s; give it fewer lanes",
                                 of, lanes, lanes == 1 ? "port" : "ports", before_, all_, kOfClient,
                                 is_output ? "output" : "input"));
  take(is_output);
}

std::string refusal(const std::string& port) {
  return fmt::format(
      "the JACK server has no port \"{}\" for us: is the name taken, or are there too many ports?", port);
}

}  // namespace perigee
