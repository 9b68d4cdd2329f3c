// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/kinship.h"

#include <algorithm>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/strong_components.hpp>
#include <numeric>

namespace perigee {

void Kinship::find_spans() {
  // Edges lead from a node to those that feed it. What is heard last comes first: then the ancestors of one
  // input mostly have numbers in a row.
  using Graph = boost::compressed_sparse_row_graph<boost::directedS>;
  const auto nodes = static_cast<NodeId>(claims_.size());
  std::vector<std::pair<NodeId, NodeId>> edges;
  for (NodeId id = nodes; id-- > 0;)
    for (const Wire& wire : wires_to_[id])
      if (!wire.to_param) edges.emplace_back(nodes - 1 - id, nodes - 1 - wire.from.node);
  const Graph graph(boost::edges_are_sorted, edges.begin(), edges.end(), nodes);
  std::vector<std::uint32_t> numbers(nodes);
  const auto count = boost::strong_components(
      graph, boost::make_iterator_property_map(numbers.begin(), get(boost::vertex_index, graph)));
  std::ranges::reverse(numbers);

  std::vector<NodeId> ascending(nodes);
  std::iota(ascending.begin(), ascending.end(), 0);
  std::ranges::sort(ascending, {}, [&](NodeId id) { return numbers[id]; });
  std::vector<std::uint32_t> first(count);
  std::iota(first.begin(), first.end(), 0);
  for (const NodeId id : ascending)
    for (const Wire& wire : wires_to_[id])
      if (!wire.to_param) first[numbers[id]] = std::min(first[numbers[id]], first[numbers[wire.from.node]]);
  spans_.reserve(nodes);
  for (NodeId id = 0; id < nodes; ++id) spans_.push_back({first[numbers[id]], numbers[id]});
  firsts_.resize(count);
}

/// Whether no two inputs' spans touch.
bool Kinship::apart(NodeId id) const {
  std::vector<Span> spans;
  for (const Wire& wire : wires_to_[id])
    if (!wire.to_param) spans.push_back(spans_[wire.from.node]);
  std::ranges::sort(spans, {}, &Span::first);
  for (std::size_t i = 1; i < spans.size(); ++i)
    if (spans[i].first <= spans[i - 1].last) return false;
  return true;
}

/// Whether another input has claimed it in this question; else it is this one's.
bool Kinship::taken(Claim& claim, unsigned input) const {
  if (claim.question == question_) return claim.input != input;
  claim = {question_, input};
  return false;
}

/// An ancestor of one input is met: is it one of another too?
bool Kinship::meet(NodeId node, unsigned input, NodeId id) {
  if (node == id) return false;
  Claim& claim = claims_[node];
  const bool again = claim.question == question_;
  if (taken(claim, input)) return true;
  if (again) return false;
  met_.emplace_back(node, input);
  // In a cycle with the node that is asked about, the way to where the span starts may lead through that.
  return spans_[node].last != spans_[id].last && taken(firsts_[spans_[node].first], input);
}

bool Kinship::related_inputs(NodeId id) {
  if (spans_.empty()) find_spans();
  if (apart(id)) return false;
  ++question_;
  met_.clear();
  for (const Wire& wire : wires_to_[id])
    if (!wire.to_param && meet(wire.from.node, wire.index, id)) return true;
  // All inputs at once, near ancestors first: what two share is mostly near to one of them.
  for (std::size_t next = 0; next < met_.size(); ++next) {
    const auto [node, input] = met_[next];
    for (const Wire& wire : wires_to_[node])
      if (!wire.to_param && meet(wire.from.node, input, id)) return true;
  }
  return false;
}

}  // namespace perigee
