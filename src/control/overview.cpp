// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/overview.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "control/node_times.h"

namespace perigee {

namespace {

using nlohmann::json;

constexpr std::chrono::seconds kInterest{5};
constexpr std::size_t kMostMeters = 10'000;  // edits take nodes away without a word

}  // namespace

void Overview::take(const Report& report) {
  if (report.what != Report::What::reading) return;
  if (readings_.size() >= kMostMeters) readings_.clear();
  readings_[report.from] = report.readings;
}

void Overview::attend() {
  if (!measures_ || Clock::now() - asked_at_ < kInterest) return;
  measures_ = false;
  measured_ = nullptr;
  engine_.measure(false);
}

json Overview::tell() {
  asked_at_ = Clock::now();
  if (!measures_) cycles_a_reading_ = perigee::cycles_a_reading();
  measures_ = true;
  engine_.measure(true);
  const Load load = engine_.load();
  return {{"rate", driver_.rate()},
          {"period", driver_.period()},
          {"latency", editor_.plan().timing.latency},
          {"threads", editor_.plan().threads()},
          {"load", {{"mean", load.mean}, {"longest", load.longest}}},
          {"late", {{"own", late_own_}, {"others", late_others_}}},
          {"nodes", nodes()},
          {"meters", meters()}};
}

/// Those that took any time since the last call, the slowest first.
json Overview::nodes() {
  json all = json::array();
  const StepTimes* const times = editor_.times();
  auto now = times == nullptr ? std::vector<StepTimes::Sums>() : times->read();
  const bool known = times != nullptr && times == measured_ && now.size() == before_.size();
  std::vector<double> steps(now.size());
  for (std::size_t i = 0; known && i < now.size(); ++i) {
    const auto frames = static_cast<double>(now[i].frames) - static_cast<double>(before_[i].frames);
    const auto taken = static_cast<double>(now[i].cycles) - static_cast<double>(before_[i].cycles);
    if (frames > 0 && taken > 0)
      steps[i] = std::max(taken * kChunk / frames - cycles_a_reading_, 0.0) * rate_.ns();
  }
  measured_ = times;
  before_ = std::move(now);
  if (!known) return all;
  const std::vector<double> ns = times_of_nodes(editor_.plan(), steps);
  std::vector<NodeId> order;
  for (NodeId id = 0; id < ns.size(); ++id)
    if (ns[id] > 0) order.push_back(id);
  std::ranges::stable_sort(order, [&](NodeId a, NodeId b) { return ns[a] > ns[b]; });
  const double chunk = kChunk / driver_.rate() * 1e9;
  const Patch& patch = editor_.patch();
  for (const NodeId id : order)
    all.push_back({{"id", id},
                   {"name", label(patch, id)},
                   {"kind", patch.nodes[id].spec->kind},
                   {"ns", ns[id]},
                   {"load", ns[id] / chunk}});
  return all;
}

json Overview::meters() {
  json all = json::array();
  const Patch& patch = editor_.patch();
  std::map<const Instance*, std::array<float, kMostReadings>> there;
  for (NodeId id = 0; id < patch.nodes.size(); ++id) {
    const auto found = readings_.find(editor_.instances()[id].get());
    if (found == readings_.end()) continue;
    there.insert(*found);
    const Spec& spec = *patch.nodes[id].spec;
    json readings = json::object();
    for (std::size_t i = 0; i < std::min(spec.readings.size(), kMostReadings); ++i) {
      const float value = found->second[i];
      readings[std::string(spec.readings[i].name)] = std::isfinite(value) ? json(value) : json(nullptr);
    }
    all.push_back({{"id", id}, {"name", label(patch, id)}, {"kind", spec.kind}, {"readings", readings}});
  }
  readings_ = std::move(there);
  return all;
}

}  // namespace perigee
