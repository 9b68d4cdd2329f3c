// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every path lines up: random graphs, heard through the real engine.

#include <doctest/doctest.h>

#include <optional>
#include <random>

#include "support/effort.h"
#include "support/kinds.h"
#include "support/play.h"

using namespace perigee;
using namespace perigee::test;

namespace {

using Random = std::mt19937_64;

int pick(Random& random, int least, int most) { return std::uniform_int_distribution(least, most)(random); }

/// Latencies as they are met: mostly none, some short, a few long.
double random_latency(Random& random) {
  const int kind = pick(random, 0, 9);
  return kind < 5 ? 0 : kind < 8 ? pick(random, 1, 100) : pick(random, 100, 400);
}

struct RandomGraph {
  PatchMaker maker;
  double paths = 0;   ///< from the input to the output
  Frames latest = 0;  ///< arrival at the output, by brute force
};

/// Sums of earlier nodes only; all of them reach the output through the last.
RandomGraph compensated_graph(Random& random) {
  RandomGraph graph;
  std::vector<Source> sources{graph.maker.input("in")};
  std::vector<double> paths{1};
  std::vector<Frames> heard{0};
  const int nodes = pick(random, 3, 200);
  for (int i = 0; i < nodes; ++i) {
    std::vector<Source> inputs;
    double count = 0;
    Frames arrival = 0;
    for (int k = pick(random, 1, 4); k > 0; --k) {
      const auto from = static_cast<std::size_t>(pick(random, std::max(0, i - 20), i));
      if (!inputs.empty() && count + paths[from] > 1e6) continue;  // counts stay exact in float
      inputs.push_back(sources[from]);
      count += paths[from];
      arrival = std::max(arrival, heard[from]);
    }
    const double latency = random_latency(random);
    sources.push_back(graph.maker.add(late_sum, inputs, {}, {{"frames", latency}}));
    paths.push_back(count);
    heard.push_back(arrival + static_cast<Frames>(latency));
  }
  graph.maker.output("main", sources.back());
  graph.paths = paths.back();
  graph.latest = heard.back();
  return graph;
}

}  // namespace

TEST_CASE("an impulse arrives over all paths at the one predicted frame") {
  const auto seeds = static_cast<std::uint64_t>(effort(1000));
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const RandomGraph graph = compensated_graph(random);
    REQUIRE(plan_of(graph.maker.patch).timing.latency == graph.latest);
    const Frames frames = graph.latest + 200;
    const auto out = play(graph.maker.patch, impulse(frames, 7), frames, {.seed = seed});
    CHECK(identical(out, impulse(frames, graph.latest + 7, static_cast<float>(graph.paths))));
  }
}

namespace {

/// A frame-by-frame model of a patch of late_sum nodes, written for clarity: the definition of compensation,
/// applied by recursion, and history kept whole.
class Model {
 public:
  Model(const Patch& patch, Frames frames) : patch_(patch), frames_(frames), memo_(patch.nodes.size()) {}

  Lane run(NodeId output, const Lane& in) {
    std::vector<std::vector<double>> heard(patch_.nodes.size(),
                                           std::vector<double>(static_cast<std::size_t>(frames_)));
    const auto past = [&](NodeId node, Frames time) {
      return time < 0 ? 0 : heard[node][static_cast<std::size_t>(time)];
    };
    for (Frames t = 0; t < frames_; ++t) {
      for (NodeId id = 0; id < patch_.nodes.size(); ++id) {
        const PatchNode& node = patch_.nodes[id];
        const auto now = static_cast<std::size_t>(t);
        if (node.spec->role == Role::input) heard[id][now] = in[now];
        if (node.spec->role == Role::feedback) heard[id][now] = past(node.inputs[0].node, t - kChunk);
        if (node.spec->role == Role::output)
          heard[id][now] = past(node.inputs[0].node, t - delay(id, node.inputs[0]));
        if (node.spec != &late_sum) continue;
        double sum = 0;  // what went in `latency` frames ago
        for (const Source& from : node.inputs) sum += past(from.node, t - latency(id) - delay(id, from));
        heard[id][now] = sum * std::get<double>(node.params[0]);
      }
    }
    Lane lane(static_cast<std::size_t>(frames_));
    std::ranges::transform(heard[output], lane.begin(), [](double x) { return static_cast<float>(x); });
    return lane;
  }

 private:
  Frames latency(NodeId id) const {
    const PatchNode& node = patch_.nodes[id];
    return node.spec == &late_sum ? static_cast<Frames>(std::get<double>(node.fixed[0])) : 0;
  }
  Arrival arrival(NodeId id) {
    if (memo_[id]) return *memo_[id];
    const PatchNode& node = patch_.nodes[id];
    Arrival result{0, true};
    if (node.spec->role == Role::input) result = {0, false};
    if (node.spec->role != Role::input && node.spec->role != Role::feedback) {
      Arrival other{0, true};
      for (const Source& from : node.inputs) {
        if (arrival(from.node).floats) continue;
        auto& one = from.compensated ? result : other;
        one = {std::max(one.at, arrival(from.node).at + latency(from.node)), false};
      }
      if (result.floats) result = other;
    }
    memo_[id] = result;
    return result;
  }
  Frames delay(NodeId to, const Source& from) {
    if (!from.compensated || arrival(from.node).floats) return 0;
    return arrival(to).at - arrival(from.node).at - latency(from.node);
  }

  const Patch& patch_;
  Frames frames_;
  std::vector<std::optional<Arrival>> memo_;
};

}  // namespace

TEST_CASE("graphs with feedback and opted-out wires sound as their definition says") {
  const auto seeds = static_cast<std::uint64_t>(effort(300));
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    PatchMaker maker;
    std::vector<Source> sources{maker.input("in")};
    std::vector<Source> loops;
    const int nodes = pick(random, 3, 60);
    for (int i = 0; i < nodes; ++i) {
      if (pick(random, 0, 9) == 0) {
        loops.push_back(maker.feedback());
        sources.push_back(loops.back());
      }
      std::vector<Source> inputs;
      const int count = pick(random, 1, 3);
      for (int k = 0; k < count; ++k) {
        const int last = static_cast<int>(sources.size()) - 1;
        inputs.push_back(sources[static_cast<std::size_t>(pick(random, std::max(0, last - 10), last))]);
        inputs.back().compensated = pick(random, 0, 7) != 0;
      }
      // The mean of the inputs: loops cannot grow.
      sources.push_back(
          maker.add(late_sum, inputs, {{"gain", 0.9 / count}}, {{"frames", random_latency(random)}}));
    }
    for (const Source& loop : loops)
      maker.close(loop, sources[static_cast<std::size_t>(pick(random, static_cast<int>(loop.node),
                                                              static_cast<int>(sources.size()) - 1))]);
    maker.output("main", sources.back());
    const auto output = static_cast<NodeId>(maker.patch.nodes.size() - 1);
    constexpr Frames kFrames = 3000;
    const Sound in = white_noise(1, kFrames, seed);
    const Sound expected{Model(maker.patch, kFrames).run(output, in[0])};
    // Float sums of at most three inputs through at most 60 nodes, against double.
    CHECK(difference_db(play(maker.patch, in, kFrames, {.seed = seed}), expected) < -110);
  }
}

TEST_CASE("all outputs are aligned with the latest, but for those that opt out") {
  PatchMaker maker;
  const Source mic = maker.input("mic");
  const Source late = maker.add(late_sum, {mic}, {}, {{"frames", 240.0}});
  maker.output("main", late);
  maker.output("dry", mic);
  maker.output("cue", nocomp(mic));
  const auto out = play(maker.patch, impulse(1000, 10), 1000);
  CHECK(identical({out[0]}, impulse(1000, 250)));
  CHECK(identical({out[1]}, impulse(1000, 250)));
  CHECK(identical({out[2]}, impulse(1000, 10)));
}

TEST_CASE("a delayed control holds its first value until it has arrived") {
  PatchMaker maker;
  const Source mic = maker.input("mic");
  const Source late = maker.add(late_sum, {mic}, {}, {{"frames", 100.0}});
  const Source level = maker.add(value_of, {}, {{"value", 0.5}});
  maker.output("main", maker.add(multiply_, {late}, {{"by", level}}));
  const auto out = play(maker.patch, {Lane(400, 1.F)}, 400);
  Sound expected = silence(1, 400);
  std::fill(expected[0].begin() + 100, expected[0].end(), 0.5F);
  CHECK(identical(out, expected));
}
