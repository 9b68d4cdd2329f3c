// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The contract of a node. A node is built on the builder's thread, complete; from then on only the real-time
// thread touches it. Signals are bundles of lanes (channels, voices), planar: lane l of a bundle is `frames`
// floats in a row. The engine smooths parameters, splits calls at events and contains NaN, so that a node's
// loop is the equation and nothing else.

#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

#include "dsp/frames.h"
#include "dsp/lane.h"
#include "node/message.h"
#include "node/value.h"

namespace perigee {

/// What a node is built for. Lives only as long as the constructor.
struct Setup {
  double rate = 48000;                    ///< frames a second
  unsigned lanes = 1;                     ///< of the node's outputs, as its Spec's `lanes` says
  std::span<const unsigned> in_lanes;     ///< lanes of each wire into an input; a `many` port has several
  std::span<const unsigned> param_lanes;  ///< lanes of each parameter: 1 for a number
  std::span<const Value> fixed;           ///< fixed values, in the Spec's order, checked
  std::filesystem::path folder;           ///< the patch's: relative file names start here
  double tempo = 120;                     ///< beats a minute when the patch was loaded
  std::uint64_t ordinal = 0;              ///< differs between the nodes of a patch: a seed
  bool hears_voices = false;              ///< each lane of the first input is a voice: two are no stereo

  double number(std::size_t i) const { return std::get<double>(fixed[i]); }
  const std::string& text(std::size_t i) const { return std::get<std::string>(fixed[i]); }
  Frames frames(std::size_t i) const { return static_cast<Frames>(number(i) * rate + 0.5); }  ///< of seconds
};

/// An input: a bundle to read. One lane meets many by spreading: its `stride` is 0.
struct Signal {
  const float* data = nullptr;
  unsigned lanes = 1;
  unsigned stride = 0;  ///< floats from one lane to the next
  bool wired = true;    ///< false: nothing is wired to this optional input, and it reads as silence
  const float* operator[](unsigned lane) const { return data + static_cast<std::size_t>(lane) * stride; }
};

/// A parameter: a number, a ramp or a signal, which a node need not tell apart.
struct Control {
  const float* data = nullptr;
  unsigned stride = 0;  ///< floats from one lane to the next, 0 when all lanes share it
  bool still = true;
  LaneControl operator[](unsigned lane) const {
    return {data + static_cast<std::size_t>(lane) * stride, still};
  }
};

/// An output: a bundle to write. With Spec::in_place it may be the same memory as the first input, lane by
/// lane.
struct Output {
  float* data = nullptr;
  unsigned lanes = 1;
  unsigned stride = kChunk;
  float* operator[](unsigned lane) const { return data + static_cast<std::size_t>(lane) * stride; }
};

/// One call's worth of signal. Spans follow the Spec's order; a `many` input takes as many as it has wires.
struct Block {
  int frames = 0;  ///< 1 … kChunk; a node may be called with any split of the same frames
  std::span<const Signal> in;
  std::span<const Control> param;
  std::span<const Output> out;
  bool related =
      false;  ///< two inputs share an ancestor: what crossfades does it linearly (see Spec::kinship)
};

/// A message, and how many frames into a period it is.
struct Spoken {
  int offset = 0;
  Message message;
};

class Node {
 public:
  Node() = default;
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  virtual ~Node() = default;

  /// Real-time thread only. Writes every frame of every lane of every output. No allocation, lock or system
  /// call. The same frames in other splits give the same bits.
  virtual void process(const Block& io) noexcept = 0;

  /// Real-time thread only. Back to the state after construction, in bounded time: called when the node made
  /// a NaN or an infinity.
  virtual void reset() noexcept = 0;

  /// Real-time thread only. Between two calls of process(): it takes effect with the next one's first frame.
  virtual void take(const Message&) noexcept {}

  /// Real-time thread only. A parameter of this index has been set, perhaps to what it was: its number is on
  /// its way from the next frame of process() on.
  virtual void is_set(unsigned /*param*/) noexcept {}

  /// Real-time thread only. What it has to say at its MIDI output (Spec::says) about the last `frames` frames
  /// of process(), by frame, until the next call of anything.
  virtual std::span<const Spoken> speak(int /*frames*/) noexcept { return {}; }

  /// Real-time thread only. Fills in the Spec's readings, for people to see.
  virtual void read(std::span<float> readings) const noexcept {
    std::fill(readings.begin(), readings.end(), 0.f);
  }
};

}  // namespace perigee
