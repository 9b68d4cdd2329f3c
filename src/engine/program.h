// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A plan with its nodes, memory and delay lines: ready to run. The audio thread walks `steps`; every pointer
// has been resolved by the builder.

#pragma once

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "engine/delay_line.h"
#include "engine/mixdown.h"
#include "engine/share.h"
#include "engine/step_times.h"
#include "plan/plan.h"

namespace perigee {

/// One of the patch's ports, and which of the driver's channels are its lanes.
struct PortBinding {
  std::string name;
  std::string connect;  ///< pattern to keep connected to, or empty
  unsigned lanes = 1;
  unsigned first_channel = 0;
  NodeId node = kNoNode;
  bool shared = false;  ///< another port of the program has the same name, and the same channels
};

/// One of the patch's MIDI ports, and who takes what comes there.
struct MidiBinding {
  std::string name;
  std::string connect;  ///< pattern to keep connected to, or empty
  bool told = false;    ///< the control thread is told what comes
  bool leads = false;   ///< loops follow its clock
  std::vector<Instance*> listeners;
};

/// A MIDI port at which a node speaks.
struct MidiOutput {
  std::string name;
  std::string connect;  ///< pattern to keep connected to, or empty
  std::shared_ptr<Instance> speaker;
};

/// A step with everything that it touches. `now` is the chunk's first frame in engine time.
struct RunStep {
  Step::Op op = Step::Op::process;
  bool hold = false;
  bool related = false;
  bool adds = false;                 ///< write_port: to what other ports write there
  unsigned lane = 0;                 ///< read_line
  unsigned channel = 0;              ///< ports: first channel
  Frames delay = 0;                  ///< read_line
  Bounds bounds = {};                ///< clamp
  Frames arrival = 0;                ///< process: A(n)
  Instance* instance = nullptr;      ///< process
  DelayLine* line = nullptr;         ///< lines
  Bank* bank = nullptr;              ///< bank
  Mixdown* mixdown = nullptr;        ///< mix
  std::span<const RunStep> members;  ///< bank: each as a process step; mix: banks of what scales
  std::span<Signal> in;
  std::span<Control> params;
  std::span<Output> out;
};

/// What a driver keeps for one program: the ports and buffers that are its channels. The program owns it, so
/// that both change in the same period; it is freed with the program, on the control thread.
struct DriverChannels {
  DriverChannels() = default;
  DriverChannels(const DriverChannels&) = delete;
  DriverChannels& operator=(const DriverChannels&) = delete;
  virtual ~DriverChannels() = default;
};

/// The delay line behind one output of a node, by which the next program finds it.
struct Line {
  std::shared_ptr<Instance> source;
  unsigned output = 0;
  std::shared_ptr<DelayLine> line;
};

/// Lanes of kChunk floats.
using LaneMemory = std::unique_ptr<float[], void (*)(float*)>;

/// A number that goes on in another node, as it stands or moves.
struct Handover {
  const Instance* from = nullptr;
  unsigned param = 0;
  Instance* to = nullptr;  ///< its first parameter
};

/// Who is heard at whom, by node: inputs, and parameters that count as such. With room to search it.
struct Upstream {
  std::vector<std::uint32_t> first;  ///< of a node's own, and their end
  std::vector<NodeId> from;
  std::vector<std::uint32_t> rank;  ///< its place in the order of the plan
  std::vector<bool> is_feedback;
  std::vector<NodeId> line_of;  ///< by line: whose sound it holds
  std::vector<bool> marked;
  std::vector<NodeId> open;  ///< room for all of them

  std::span<const NodeId> before(NodeId id) const {
    return std::span(from).subspan(first[id], first[id + 1] - first[id]);
  }
};

struct Program {
  std::vector<RunStep> steps;
  std::vector<PortBinding> inputs, outputs;
  std::vector<MidiBinding> midi;
  std::vector<MidiOutput> midi_outputs;
  unsigned in_channels = 0, out_channels = 0;        ///< that a driver has to offer for them
  std::vector<std::shared_ptr<Instance>> instances;  ///< by node; ports and feedback have none with a Node
  std::vector<std::shared_ptr<Instance>> lost;       ///< that no program has run: events may be on their way
  std::vector<Line> lines;
  std::vector<unsigned> shared;        ///< channels that several ports add to
  std::vector<std::uint32_t> readers;  ///< steps whose nodes have readings
  Frames latency = 0;
  double rate = 48000;
  Bytes steps_memory;                        ///< that it takes besides instances and lines
  unsigned number = 0;                       ///< for who keeps account of programs
  bool other_clock = false;                  ///< the MIDI port that leads is another one than before
  std::unique_ptr<DriverChannels> channels;  ///< the driver's, or nullptr when it needs none

  // Done by the audio thread when it takes the program.
  std::vector<Handover> handovers;  ///< before the edited numbers
  std::vector<Event> on_start;      ///< edited numbers; `time` does not count
  std::vector<Instance*> leaving;   ///< what waits for them is dropped
  std::vector<Instance*> faulty;    ///< what they hold is not finite: it was silenced, and is to be told
  std::atomic<Frames> started{-1};  ///< engine time when it was taken; −1: not yet

  std::vector<Share> shares;            ///< of the threads that run it
  std::vector<std::uint32_t> share_of;  ///< by step
  Upstream upstream;
  StepTimes times;  ///< by step, when the engine measures

  // What the steps point into.
  std::vector<Signal> signals;
  std::vector<Control> controls;
  std::vector<Output> bundles;
  std::vector<RunStep> members;
  std::vector<std::unique_ptr<Bank>> banks;
  std::vector<std::unique_ptr<Mixdown>> mixdowns;
  LaneMemory memory{nullptr, [](float*) {}};
  std::vector<LaneMemory> held;  ///< signals that never change, in bounds of parameters
};

}  // namespace perigee
