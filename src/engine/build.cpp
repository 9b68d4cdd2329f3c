// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "engine/build.h"

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <map>
#include <new>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "engine/fault.h"
#include "plan/memory.h"

namespace perigee {

namespace {

constexpr std::size_t kAlignment = 64;  // a cache line, and the widest vector
/// That are told of a period.
constexpr std::size_t kMostFaults = 4096;

constexpr std::string_view kNoMemory = "there is not enough memory for it";

/// Lane slots, zeroed.
LaneMemory take_memory(std::size_t slots) {
  const std::size_t bytes = std::max<std::size_t>(slots, 1) * kChunk * sizeof(float);
  auto* memory = static_cast<float*>(std::aligned_alloc(kAlignment, bytes));
  if (memory == nullptr) throw std::bad_alloc();
  std::fill_n(memory, bytes / sizeof(float), 0.F);
  return {memory, [](float* p) { std::free(p); }};
}

std::shared_ptr<Instance> make_instance(const Patch& patch, const Plan& plan, NodeId id) {
  const PatchNode& node = patch.nodes[id];
  const Setup setup = setup_of(patch, id, plan.shapes[id], plan.rate);
  auto instance = std::make_shared<Instance>();
  instance->memory = memory_of_node(node, setup);
  instance->spec = node.spec;
  instance->name = label(patch, id);
  for (std::size_t i = 0; i < node.params.size(); ++i) {
    const auto* number = std::get_if<double>(&node.params[i]);
    instance->bounds.push_back(bounds_of(node, i));
    instance->numbers.emplace_back(number == nullptr ? 0.F : static_cast<float>(*number));
  }
  if (node.spec->make != nullptr) instance->node = node.spec->make(setup);
  return instance;
}

/// Lines by the node and output that they are behind.
using LinesBySource = std::map<std::pair<const Instance*, unsigned>, const Line*>;

LinesBySource by_source(const std::vector<Line>& lines) {
  LinesBySource found;
  for (const Line& line : lines) found.emplace(std::pair(line.source.get(), line.output), &line);
  return found;
}

/// The line that was there, if any.
std::shared_ptr<DelayLine> line_before(const LinePlan& plan, const Instance* source,
                                       const LinesBySource& inherited) {
  const auto old = inherited.find({source, plan.output});
  return old != inherited.end() && old->second->line->lanes() == plan.lanes ? old->second->line : nullptr;
}

bool is_long_enough(const DelayLine* line, const LinePlan& plan) {
  return line != nullptr && line->longest() >= plan.longest;
}

/// The line that was there, if it is long enough; else one that goes on where it ended.
Line make_line(const LinePlan& plan, const std::shared_ptr<Instance>& source,
               const LinesBySource& inherited) {
  const auto before = line_before(plan, source.get(), inherited);
  if (is_long_enough(before.get(), plan)) return {source, plan.output, before};
  return {source, plan.output, std::make_shared<DelayLine>(plan.lanes, plan.longest, before)};
}

/// Ports take the driver's channels in the order of the patch. Those of one name are the same to the world
/// outside, as when an edit makes a port wider: they share channels, and what they write is added up. (One
/// lane alone has another name there than the first of many.)
void bind_ports(const Patch& patch, const Plan& plan, Program& program, Role role) {
  struct Channels {
    unsigned first = 0, lanes = 0, ports = 0;
    bool placed = false;
  };
  std::map<std::pair<std::string, bool>, Channels> by_name;
  auto& ports = role == Role::input ? program.inputs : program.outputs;
  for (NodeId id = 0; id < patch.nodes.size(); ++id) {
    const PatchNode& node = patch.nodes[id];
    if (node.spec->role != role) continue;
    const unsigned lanes = role == Role::input ? plan.shapes[id].lanes : plan.shapes[id].in_lanes[0];
    const auto& name = std::get<std::string>(node.fixed.front());
    ports.push_back(
        {.name = name, .connect = std::get<std::string>(node.fixed.back()), .lanes = lanes, .node = id});
    Channels& channels = by_name[{name, lanes == 1}];
    channels.lanes = std::max(channels.lanes, lanes);
    ++channels.ports;
  }
  unsigned next = 0;
  for (PortBinding& port : ports) {
    Channels& channels = by_name[{port.name, port.lanes == 1}];
    if (!std::exchange(channels.placed, true)) {
      channels.first = next;
      next += channels.lanes;
      if (role == Role::output && channels.ports > 1)
        for (unsigned lane = 0; lane < channels.lanes; ++lane)
          program.shared.push_back(channels.first + lane);
    }
    port.first_channel = channels.first;
    port.shared = channels.ports > 1;
  }
  (role == Role::input ? program.in_channels : program.out_channels) = next;
}

void bind_midi(const Patch& patch, Program& program) {
  for (const MidiPort& port : patch.midi) {
    const bool leads = patch.clock.by == Clock::By::midi && patch.clock.port == port.name;
    MidiBinding& binding =
        program.midi.emplace_back(MidiBinding{port.name, port.connect, port.told, leads, {}});
    for (NodeId id = 0; id < patch.nodes.size(); ++id) {
      const PatchNode& node = patch.nodes[id];
      const int hears = node.spec->hears;
      if (hears >= 0 && std::get<std::string>(node.fixed[static_cast<std::size_t>(hears)]) == port.name)
        binding.listeners.push_back(program.instances[id].get());
    }
  }
}

void bind_midi_outputs(const Patch& patch, Program& program) {
  for (NodeId id = 0; id < patch.nodes.size(); ++id) {
    const PatchNode& node = patch.nodes[id];
    if (node.spec->says < 0) continue;
    const auto says = static_cast<std::size_t>(node.spec->says);
    program.midi_outputs.push_back({std::get<std::string>(node.fixed[says]),
                                    std::get<std::string>(node.fixed[says + 1]), program.instances[id]});
  }
}

std::unique_ptr<Bank> make_bank(std::span<const RunStep> steps) {
  std::vector<BankMember> members;
  members.reserve(steps.size());
  for (const RunStep& step : steps)
    members.push_back(
        {.node = step.instance->node.get(), .in = step.in, .param = step.params, .out = step.out});
  return steps.front().instance->spec->bank(members);
}

void fill(Share& share, const std::vector<Turn>& turns) {
  for (const Turn& turn : turns) share.waits.insert(share.waits.end(), turn.waits.begin(), turn.waits.end());
  std::span<const Wait> waits = share.waits;
  for (const Turn& turn : turns) {
    share.turns.push_back({turn.step, turn.awaited, waits.first(turn.waits.size())});
    waits = waits.subspan(turn.waits.size());
  }
}

Upstream upstream_of(const Patch& patch, const Plan& plan) {
  const std::size_t nodes = patch.nodes.size();
  Upstream made{
      .first = {0}, .rank = std::vector<std::uint32_t>(nodes), .is_feedback = std::vector<bool>(nodes)};
  const WiresTo wires(plan.wires, nodes);
  for (NodeId id = 0; id < nodes; ++id) {
    for (const Wire& wire : wires[id])
      if (!wire.to_param || patch.nodes[id].spec->params[wire.index].heard)
        made.from.push_back(wire.from.node);
    made.first.push_back(static_cast<std::uint32_t>(made.from.size()));
    made.is_feedback[id] = patch.nodes[id].spec->role == Role::feedback;
  }
  for (std::uint32_t i = 0; i < plan.order.size(); ++i) made.rank[plan.order[i]] = i;
  for (const LinePlan& line : plan.lines) made.line_of.push_back(line.node);
  made.marked.resize(nodes);
  made.open.reserve(nodes + 1);
  return made;
}

class Wiring {
 public:
  Wiring(const Plan& plan, Program& program) : program_(program) {
    std::size_t signals = 0, controls = 0, bundles = 0, widest_in = 0, widest_params = 0, widest_out = 0;
    const auto count = [&](const Step& step) {
      signals += step.in.size();
      controls += step.params.size();
      bundles += step.out.size();
      widest_in = std::max(widest_in, step.in.size());
      widest_params = std::max(widest_params, step.params.size());
      widest_out = std::max(widest_out, step.out.size());
    };
    std::size_t members = 0, most_numbers = 0;
    const auto count_all = [&](const Step& step, const auto& itself) -> void {
      count(step);
      std::size_t numbers = 0;
      for (const Step& member : step.members) {
        numbers += member.params.size();
        itself(member, itself);
      }
      most_numbers = std::max(most_numbers, numbers);
      members += step.members.size();
    };
    for (const Step& step : plan.steps) count_all(step, count_all);
    // Reserved at once: steps keep spans into these.
    program.signals.reserve(signals);
    program.controls.reserve(controls);
    program.bundles.reserve(bundles);
    program.members.reserve(members);
    program.shares.resize(plan.threads());
    for (Share& share : program.shares) {
      share.moving_numbers.resize(most_numbers * kChunk);
      share.signals.resize(widest_in);
      share.controls.resize(widest_params);
      share.bundles.resize(widest_out);
      share.ramps.resize(widest_params * kChunk);
      share.loud.reserve(program.outputs.size());
      share.faults.reserve(std::min(kMostFaults, 2 * (plan.steps.size() + members)));
    }
    program.memory = take_memory(plan.slots + 1);
    silence_ = slot(static_cast<std::uint32_t>(plan.slots));
  }

  /// `shape`: of the node that the step runs; nullptr where it runs none.
  void wire(const Step& step, const Shape* shape, RunStep& run) {
    const std::size_t in = program_.signals.size(), params = program_.controls.size(),
                      out = program_.bundles.size();
    if (shape != nullptr) expect_fit(step, *shape);
    for (std::size_t i = 0; i < step.in.size(); ++i) {
      program_.signals.push_back(signal(step.in[i]));
      // Silence is as wide as what the node was made for.
      if (shape != nullptr) program_.signals.back().lanes = shape->in_lanes[i];
    }
    for (std::size_t i = 0; i < step.params.size(); ++i) {
      const Bundle& bundle = step.params[i];
      if (bundle.lanes == 0) {
        program_.controls.push_back({run.instance->numbers[i].still(), 0, true});
      } else {
        const float* data = slot(bundle.first);
        if (bundle.still) data = held(data, bundle.lanes, run.instance->bounds[i]);
        program_.controls.push_back({data, stride(bundle), bundle.still});
      }
    }
    for (const Bundle& bundle : step.out)
      program_.bundles.push_back({slot(bundle.first), bundle.lanes, kChunk});
    run.in = std::span(program_.signals).subspan(in);
    run.params = std::span(program_.controls).subspan(params);
    run.out = std::span(program_.bundles).subspan(out);
  }

  /// Of a mix that is wired and has its members.
  std::unique_ptr<Mixdown> mixdown(const Patch& patch, const Step& step, const RunStep& run) const {
    std::map<NodeId, Mixdown::Scaler> scalers;
    for (std::size_t b = 0; b < step.members.size(); ++b) {
      for (std::size_t i = 0; i < step.members[b].members.size(); ++i) {
        const RunStep& one = run.members[b].members[i];
        const NodeId id = step.members[b].members[i].node;
        // What a node that plays is set to now, only the audio thread knows.
        const auto* number = std::get_if<double>(&patch.nodes[id].params[0]);
        scalers[id] = {one.instance->spec, one.params[0],
                       number == nullptr ? 0.F : static_cast<float>(*number)};
      }
    }
    std::vector<Mixdown::Input> inputs;
    for (std::size_t i = 0; i < step.unscaled.size(); ++i) {
      inputs.push_back({.signal = run.in[i], .unscaled = signal(step.unscaled[i].in)});
      for (const NodeId id : step.unscaled[i].by) inputs.back().scalers.push_back(scalers.at(id));
    }
    return std::make_unique<Mixdown>(inputs, run.out[0]);
  }

 private:
  /// A node writes and reads so many lanes as its shape has: so many each of its signals must have.
  static void expect_fit(const Step& step, const Shape& shape) {
    const auto fits = [](const std::vector<Bundle>& bundles, const std::vector<unsigned>& lanes) {
      return std::ranges::equal(bundles, lanes, [](const Bundle& bundle, unsigned wanted) {
        return bundle.lanes == 0 || bundle.lanes == wanted;
      });
    };
    const auto is_as_wide = [&](const Bundle& bundle) { return bundle.lanes == shape.lanes; };
    if (!fits(step.in, shape.in_lanes) || !fits(step.params, shape.param_lanes) ||
        !std::ranges::all_of(step.out, is_as_wide))
      throw std::logic_error(
          "its lanes do not fit together: this is a mistake of Perigee, please tell of it");
  }

  Signal signal(const Bundle& bundle) const {
    if (bundle.lanes == 0) return {.data = silence_, .wired = false};
    return {.data = slot(bundle.first), .lanes = bundle.lanes, .stride = stride(bundle)};
  }

  /// A signal that never changes, which has been written already, or a copy of it in bounds.
  const float* held(const float* data, std::uint32_t lanes, Bounds bounds) {
    const std::size_t count = std::size_t{lanes} * kChunk;
    if (!bounds.limits() || dsp::all_within(data, count, bounds)) return data;
    program_.held.push_back(take_memory(lanes));
    dsp::hold_within(data, program_.held.back().get(), count, bounds);
    return program_.held.back().get();
  }

  float* slot(std::uint32_t index) const { return program_.memory.get() + std::size_t{index} * kChunk; }
  static unsigned stride(const Bundle& bundle) { return bundle.lanes == 1 ? 0 : kChunk; }

  Program& program_;
  float* silence_;
};

/// Made, or taken over from the program before. False with mistakes.
bool fill_instances(const Patch& patch, const Plan& plan, const Inheritance& inherited, Program& program,
                    std::vector<Mistake>& mistakes) {
  const std::size_t before = mistakes.size();
  for (NodeId id = 0; id < patch.nodes.size(); ++id) {
    if (id < inherited.instances.size() && inherited.instances[id] != nullptr) {
      program.instances.push_back(inherited.instances[id]);
      continue;
    }
    try {
      program.instances.push_back(make_instance(patch, plan, id));
    } catch (const std::bad_alloc&) {
      // What was made so far may be all that there is room for: no more is tried.
      mistakes.push_back(mistake_of(patch, id, std::string(kNoMemory)));
      return false;
    } catch (const std::exception& error) {
      mistakes.push_back(mistake_of(patch, id, error.what()));
    }
  }
  return mistakes.size() == before;
}

/// What is between the nodes.
void connect(const Patch& patch, const Plan& plan, const std::vector<Line>& lines_before, Program& program) {
  program.rate = plan.rate;
  program.latency = plan.timing.latency;
  program.steps_memory = memory_of_steps(patch, plan);
  const LinesBySource lines = by_source(lines_before);
  for (const LinePlan& line : plan.lines)
    program.lines.push_back(make_line(line, program.instances[line.node], lines));
  for (const Role role : {Role::input, Role::output}) bind_ports(patch, plan, program, role);
  bind_midi(patch, program);
  bind_midi_outputs(patch, program);
  std::vector<const PortBinding*> port(patch.nodes.size());
  for (const auto* ports : {&program.inputs, &program.outputs})
    for (const PortBinding& one : *ports) port[one.node] = &one;

  Wiring wiring(plan, program);
  program.steps.reserve(plan.steps.size());
  const auto wired = [&](const Step& step) {
    RunStep run{.op = step.op,
                .hold = step.hold,
                .related = step.related,
                .lane = step.lane,
                .delay = step.delay,
                .bounds = step.bounds};
    if (port[step.node] != nullptr) {
      run.channel = port[step.node]->first_channel;
      run.adds = port[step.node]->shared;
    }
    run.arrival = plan.timing.arrivals[step.node].at;
    run.instance = program.instances[step.node].get();
    if (step.op == Step::Op::read_line || step.op == Step::Op::write_line)
      run.line = program.lines[step.line].line.get();
    const bool runs =
        step.op == Step::Op::process || step.op == Step::Op::hold || step.op == Step::Op::write_port;
    wiring.wire(step, runs ? &plan.shapes[step.node] : nullptr, run);
    return run;
  };
  const auto ready = [&](const Step& step, const auto& itself) -> RunStep {
    RunStep run = wired(step);
    std::vector<RunStep> members;
    for (const Step& member : step.members) members.push_back(itself(member, itself));
    const std::size_t first = program.members.size();
    program.members.insert(program.members.end(), members.begin(), members.end());
    run.members = std::span(program.members).subspan(first);
    if (step.op == Step::Op::bank) {
      program.banks.push_back(make_bank(run.members));
      run.bank = program.banks.back().get();
    }
    if (step.op == Step::Op::mix) {
      program.mixdowns.push_back(wiring.mixdown(patch, step, run));
      run.mixdown = program.mixdowns.back().get();
    }
    return run;
  };
  for (const Step& step : plan.steps) {
    const RunStep run = ready(step, ready);
    if (step.op == Step::Op::hold) {
      run.instance->node->process({.frames = kChunk, .in = run.in, .param = run.params, .out = run.out});
      if (find_fault(run.out, 0, kChunk) < kChunk) {
        silence(run.out, 0, kChunk);
        program.faulty.push_back(run.instance);
      }
      continue;
    }
    if (step.op == Step::Op::process && !run.instance->spec->readings.empty())
      program.readers.push_back(static_cast<std::uint32_t>(program.steps.size()));
    program.steps.push_back(run);
  }
  program.times = StepTimes(program.steps.size());
  program.share_of.resize(program.steps.size());
  for (std::size_t i = 0; i < plan.shares.size(); ++i) {
    fill(program.shares[i], plan.shares[i]);
    for (const Turn& turn : plan.shares[i]) program.share_of[turn.step] = static_cast<std::uint32_t>(i);
  }
  program.upstream = upstream_of(patch, plan);
}

}  // namespace

Bytes memory_to_build(const Patch& patch, const Plan& plan, const Inheritance& inherited) {
  Bytes all = memory_of_steps(patch, plan), while_built;
  const auto instance = [&](NodeId id) {
    return id < inherited.instances.size() ? inherited.instances[id].get() : nullptr;
  };
  for (NodeId id = 0; id < patch.nodes.size(); ++id) {
    if (instance(id) != nullptr) continue;
    const Setup setup = setup_of(patch, id, plan.shapes[id], plan.rate);
    all += memory_of_node(patch.nodes[id], setup);
    while_built = std::max(while_built, patch.nodes[id].spec->memory_to_build(setup));
  }
  const LinesBySource lines = by_source(inherited.lines);
  for (const LinePlan& line : plan.lines)
    if (!is_long_enough(line_before(line, instance(line.node), lines).get(), line))
      all += memory_of_line(line);
  return all + while_built;
}

std::unique_ptr<Program> build(const Patch& patch, const Plan& plan, std::vector<Mistake>& mistakes,
                               const Inheritance& inherited) {
  const auto mistake = [&](std::string_view text) {
    mistakes.push_back({{patch.nodes.empty() ? "" : patch.nodes.front().where.file, 0}, std::string(text)});
    return nullptr;
  };
  try {
    auto program = std::make_unique<Program>();
    if (!fill_instances(patch, plan, inherited, *program, mistakes)) return nullptr;
    connect(patch, plan, inherited.lines, *program);
    return program;
  } catch (const std::bad_alloc&) {
    return mistake(kNoMemory);
  } catch (const std::logic_error& error) {
    return mistake(error.what());
  }
}

}  // namespace perigee
