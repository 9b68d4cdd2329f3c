// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The node behind every kind whose lanes have nothing to do with each other: a kernel runs them, those of one
// node or those of many.
//
// A kernel says what a lane is, is made from a Setup, and runs any number of lanes:
//
//   struct Kernel {
//     using Lane = dsp::Lane<State, parameters, outputs>;
//     explicit Kernel(const Setup&);
//     bool operator()(std::span<const Lane>, int frames, bool same) const noexcept;
//       // false: not all is finite; `same`: the last call was with these lanes, and nothing has been set
//       since
//     bool operator==(const Kernel&) const = default;
//   };

#pragma once

#include <algorithm>
#include <vector>

#include "node/bank.h"
#include "node/spec.h"

namespace perigee {

template <typename Kernel>
class Lanewise final : public Node {
 public:
  using Lane = typename Kernel::Lane;
  using State = typename Lane::State;

  explicit Lanewise(const Setup& setup) : kernel_(setup), states_(lanes_of(setup)), lanes_(states_.size()) {}

  /// With room for a second view of each lane, which is that of a bank.
  static Bytes memory(const Setup& setup) {
    return Bytes::of<Lanewise>(1) + (Bytes::of<State>(1) + Bytes::of<Lane>(2)) * lanes_of(setup);
  }

  void process(const Block& io) noexcept override {
    for (unsigned i = 0; i < lanes(); ++i) lanes_[i] = lane(i, io.in, io.param, io.out);
    kernel_(lanes_, io.frames, false);
  }
  void reset() noexcept override { std::ranges::fill(states_, State()); }

  unsigned lanes() const { return static_cast<unsigned>(states_.size()); }
  Lane lane(unsigned index, std::span<const Signal> in, std::span<const Control> param,
            std::span<const Output> out) {
    Lane made{};
    if (!in.empty()) made.in = in[0][index];
    for (unsigned i = 0; i < Lane::kOuts; ++i) made.out[i] = out_of(out, index, i);
    made.state = &states_[index];
    for (unsigned i = 0; i < std::min<std::size_t>(Lane::kParams, param.size()); ++i)
      made.param[i] = param[i][index];
    return made;
  }
  const Kernel& kernel() const { return kernel_; }

 private:
  static unsigned lanes_of(const Setup& setup) { return std::max(setup.lanes, widest(setup)); }
  /// One lane that makes several makes a bundle of them; else each lane makes its own of every output.
  static float* out_of(std::span<const Output> out, unsigned index, unsigned i) {
    return out.size() == Lane::kOuts ? out[i][index] : out[0][i];
  }

  Kernel kernel_;
  std::vector<State> states_;
  std::vector<Lane> lanes_;  ///< of the call that is under way
};

template <typename Kernel>
class LanewiseBank final : public Bank {
 public:
  explicit LanewiseBank(std::span<const BankMember> members) {
    std::size_t lanes = 0;
    for (const BankMember& member : members)
      lanes += static_cast<const Lanewise<Kernel>&>(*member.node).lanes();
    lanes_.reserve(lanes);
    first_.reserve(members.size() + 1);
    for (const BankMember& member : members) {
      auto& node = static_cast<Lanewise<Kernel>&>(*member.node);
      // Nodes that were built for different tempos have different kernels.
      if (runs_.empty() || runs_.back().kernel != node.kernel()) runs_.push_back({node.kernel(), 0});
      first_.push_back(lanes_.size());
      for (unsigned i = 0; i < node.lanes(); ++i)
        lanes_.push_back(node.lane(i, member.in, member.param, member.out));
      runs_.back().lanes += node.lanes();
    }
    first_.push_back(lanes_.size());
  }

  bool run(int frames, bool same) noexcept override {
    bool finite = true;
    std::span<const typename Kernel::Lane> lanes = lanes_;
    for (const Run& one : runs_) {
      const bool good = one.kernel(lanes.first(one.lanes), frames, same);
      lanes = lanes.subspan(one.lanes);
      finite = finite && good;
    }
    return finite;
  }
  void set(std::size_t member, unsigned param, LaneControl control) noexcept override {
    for (std::size_t i = first_[member]; i < first_[member + 1]; ++i) lanes_[i].param[param] = control;
  }

 private:
  /// Lanes in a row that one kernel runs.
  struct Run {
    Kernel kernel;
    std::size_t lanes;
  };

  std::vector<Run> runs_;
  std::vector<typename Kernel::Lane> lanes_;
  std::vector<std::size_t> first_;  ///< of each member; and their end
};

/// The usual `bank` of such a kind.
template <typename Kernel>
std::unique_ptr<Bank> make_bank(std::span<const BankMember> members) {
  return std::make_unique<LanewiseBank<Kernel>>(members);
}

}  // namespace perigee
