// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/order.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/depth_first_search.hpp>
#include <iterator>

namespace perigee {

namespace {

/// Edges lead from a node to those that feed it: whoever is finished first can run first.
using Graph = boost::compressed_sparse_row_graph<boost::directedS>;
using Edge = boost::graph_traits<Graph>::edge_descriptor;

struct Visitor : boost::default_dfs_visitor {
  std::vector<NodeId>* order;
  std::vector<NodeId>* parents;  ///< who led the search to a node
  std::vector<std::vector<NodeId>>* cycles;

  void tree_edge(Edge edge, const Graph& graph) const {
    (*parents)[target(edge, graph)] = static_cast<NodeId>(source(edge, graph));
  }
  void back_edge(Edge edge, const Graph& graph) const {
    // The search came from `top` down to `bottom`, which is fed by `top`: the path between them is the cycle.
    const auto top = static_cast<NodeId>(target(edge, graph)),
               bottom = static_cast<NodeId>(source(edge, graph));
    std::vector<NodeId> path{bottom};
    while (path.back() != top) path.push_back((*parents)[path.back()]);
    cycles->push_back(std::move(path));
  }
  void finish_vertex(NodeId id, const Graph&) const { order->push_back(id); }
};

constexpr std::size_t kMostCycles = 20;  ///< told at once: a tangle has more than anyone will read

}  // namespace

std::vector<NodeId> order_of(const Patch& patch, const std::vector<Wire>& wires,
                             std::vector<Mistake>& mistakes) {
  std::vector<std::pair<NodeId, NodeId>> edges;
  edges.reserve(wires.size());
  for (const Wire& wire : wires)
    if (!wire.closes) edges.emplace_back(wire.to, wire.from.node);
  const Graph graph(boost::edges_are_sorted, edges.begin(), edges.end(), patch.nodes.size());

  std::vector<NodeId> order, parents(patch.nodes.size(), kNoNode);
  std::vector<std::vector<NodeId>> cycles;
  order.reserve(patch.nodes.size());
  Visitor visitor;
  visitor.order = &order;
  visitor.parents = &parents;
  visitor.cycles = &cycles;
  boost::depth_first_search(graph, boost::visitor(visitor));

  for (std::size_t i = 0; i < std::min(cycles.size(), kMostCycles); ++i) {
    // Told from the first node in the script on, in the direction that sound takes.
    auto& path = cycles[i];
    std::rotate(path.begin(), std::ranges::min_element(path), path.end());
    std::string names;
    for (const NodeId id : path) names += label(patch, id) + " → ";
    mistakes.push_back({patch.nodes[path.front()].where,
                        fmt::format("a cycle without feedback(): {}{}", names, label(patch, path.front()))});
  }
  return order;
}

}  // namespace perigee
