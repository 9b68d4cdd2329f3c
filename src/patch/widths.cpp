// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "patch/widths.h"

#include <algorithm>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/strong_components.hpp>
#include <numeric>

namespace perigee {

namespace {

/// The wire's end, if a whole bundle comes there.
const Source* bundle_at(const Source& source) {
  return source.node == kNoNode || source.lane >= 0 ? nullptr : &source;
}
const Source* bundle_at(const Setting& setting) {
  const auto* source = std::get_if<Source>(&setting);
  return source == nullptr ? nullptr : bundle_at(*source);
}

class Settling {
 public:
  Settling(const Patch& patch, double rate) : patch_(patch), rate_(rate) {
    widths_.lanes.assign(patch.nodes.size(), 1);
  }

  Widths run() {
    find_cycles();
    const auto count = static_cast<NodeId>(patch_.nodes.size());
    std::vector<NodeId> ordered(count);
    std::iota(ordered.begin(), ordered.end(), 0);
    std::ranges::stable_sort(ordered, {}, [this](NodeId id) { return cycle_[id]; });
    for (auto first = ordered.begin(); first != ordered.end();) {
      const auto last =
          std::find_if(first, ordered.end(), [&](NodeId id) { return cycle_[id] != cycle_[*first]; });
      settle({first, last});
      first = last;
    }
    return std::move(widths_);
  }

 private:
  /// Edges lead from a node to those that its width follows from; so a node's number is never less than
  /// theirs.
  void find_cycles() {
    using Graph = boost::compressed_sparse_row_graph<boost::directedS>;
    std::vector<std::pair<NodeId, NodeId>> edges;
    for (NodeId id = 0; id < patch_.nodes.size(); ++id) add_edges(id, edges);
    const Graph graph(boost::edges_are_sorted, edges.begin(), edges.end(), patch_.nodes.size());
    cycle_.resize(patch_.nodes.size());
    boost::strong_components(
        graph, boost::make_iterator_property_map(cycle_.begin(), get(boost::vertex_index, graph)));
  }

  void add_edges(NodeId id, std::vector<std::pair<NodeId, NodeId>>& edges) const {
    const PatchNode& node = patch_.nodes[id];
    const auto hears = [](const auto& end) { return bundle_at(end) != nullptr; };
    if (std::ranges::none_of(node.inputs, hears) && std::ranges::none_of(node.params, hears)) return;
    if (!fixed_values_fit(node)) return;
    const bool all = node.spec->lanes == widest;
    const unsigned least = all ? 0 : asked(node, kNowhere, kNowhere);
    const auto follows = [&](std::size_t port, std::size_t param) {
      return all || asked(node, port, param) > least;
    };
    for (std::size_t port = 0; port < node.spec->in.size(); ++port) {
      const std::size_t last = port + 1 == node.spec->in.size() ? node.inputs.size() : port + 1;
      if (std::none_of(node.inputs.begin() + static_cast<std::ptrdiff_t>(port),
                       node.inputs.begin() + static_cast<std::ptrdiff_t>(last), hears) ||
          !follows(port, kNowhere))
        continue;
      for (std::size_t i = port; i < last; ++i)
        if (const Source* source = bundle_at(node.inputs[i])) edges.emplace_back(id, source->node);
    }
    for (std::size_t i = 0; i < node.params.size(); ++i)
      if (const Source* source = bundle_at(node.params[i]); source != nullptr && follows(kNowhere, i))
        edges.emplace_back(id, source->node);
  }

  /// What a kind says of a node that hears three lanes at a port or parameter, and one at all others.
  unsigned asked(const PatchNode& node, std::size_t port, std::size_t param) const {
    Shape shape{.in_lanes = std::vector(node.inputs.size(), 1U),
                .param_lanes = std::vector(node.params.size(), 1U)};
    const bool many = port + 1 == node.spec->in.size();
    for (std::size_t i = 0; i < shape.in_lanes.size(); ++i)
      if (i == port || (many && i > port)) shape.in_lanes[i] = 3;
    if (param != kNowhere) shape.param_lanes[param] = 3;
    return node.spec->lanes(setup_of(patch_, static_cast<NodeId>(&node - patch_.nodes.data()), shape, rate_));
  }

  /// What a kind says of a node whose sources are as wide as they are now.
  unsigned lanes_of(NodeId id) {
    const PatchNode& node = patch_.nodes[id];
    if (!fixed_values_fit(node)) return 1;
    const auto width = [this](const auto& end) {
      const Source* source = bundle_at(end);
      return source == nullptr ? 1 : widths_.lanes[source->node];
    };
    heard_.in_lanes.clear();
    for (const Source& source : node.inputs) heard_.in_lanes.push_back(width(source));
    heard_.param_lanes.clear();
    for (const Setting& setting : node.params) heard_.param_lanes.push_back(width(setting));
    return std::max(node.spec->lanes(setup_of(patch_, id, heard_, rate_)), 1U);
  }

  /// Nodes that follow from each other, or one alone.
  void settle(std::span<const NodeId> nodes) {
    unsigned most = 1;
    for (const NodeId id : nodes) {
      const unsigned lanes = lanes_of(id);
      if (lanes > kMostLanes) widths_.wide.push_back({id, lanes});
      most = std::min(std::max(most, lanes), kMostLanes);
    }
    for (const NodeId id : nodes) widths_.lanes[id] = most;
    const auto grows = [&](NodeId id) { return lanes_of(id) > most; };
    if (nodes.size() == 1 || most == kMostLanes || std::ranges::none_of(nodes, grows)) return;
    for (const NodeId id : nodes)
      if (patch_.nodes[id].spec->role == Role::feedback) widths_.growing.push_back(id);
  }

  static constexpr std::size_t kNowhere = SIZE_MAX;

  const Patch& patch_;
  double rate_;
  std::vector<NodeId> cycle_;  ///< by node: the number of its cycle, or of itself
  Shape heard_;
  Widths widths_;
};

}  // namespace

bool fixed_values_fit(const PatchNode& node) {
  for (std::size_t i = 0; i < node.fixed.size(); ++i) {
    const auto* number = std::get_if<double>(&node.fixed[i]);
    const Fixed& fixed = node.spec->fixed[i];
    if (number != nullptr && !(*number >= fixed.min && *number <= fixed.max)) return false;
  }
  return true;
}

Widths widths_of(const Patch& patch, double rate) { return Settling(patch, rate).run(); }

}  // namespace perigee
