// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/placement.h"

#include "plan/slots.h"

namespace perigee {

namespace {

class Placement {
 public:
  Placement(const Patch& patch, std::vector<Passed>& values, std::vector<StepDraft>& drafts,
            std::span<const std::uint32_t> share_of)
      : patch_(patch), values_(values), drafts_(drafts), share_of_(share_of) {}

  void run() {
    find_last_readers();
    for (std::uint32_t i = 0; i < drafts_.size(); ++i) {
      for (Part& part : drafts_[i].parts) {
        for (const Use& one : part.in) part.step.in.push_back(bundle(one));
        for (const Use& one : part.params) part.step.params.push_back(bundle(one));
        for (std::size_t k = 0; k < part.unscaled.size(); ++k)
          part.step.unscaled[k].in = bundle(part.unscaled[k]);
      }
      for (Part& part : drafts_[i].parts) place_outputs(part, i);
      for (const Part& part : drafts_[i].parts) give_back(part, i);
    }
  }
  std::uint64_t slots() const { return slots_.size(); }

 private:
  /// A node writes over its first input where it may and nobody else needs it; so does what clamps.
  bool in_place(const Part& part, std::uint32_t step) const {
    if (part.step.op != Step::Op::process && part.step.op != Step::Op::clamp) return false;
    if (part.step.op == Step::Op::process && !patch_.nodes[part.step.node].spec->in_place) return false;
    if (part.in.empty()) return false;
    const Use& first = part.in[0];
    if (first.value == kNoValue || values_[first.value].still) return false;
    const Passed& value = values_[first.value];
    // Others may still read the chunk before when the memory is used again.
    if (value.abroad || values_[part.out[0].value].abroad) return false;
    return value.last_reader == step && value.last_uses == 1 && value.lanes == first.lanes &&
           first.lanes == part.out[0].lanes;
  }

  Bundle bundle(const Use& use) const {
    if (use.value == kNoValue) return {};
    return {values_[use.value].slot + use.lane, use.lanes, values_[use.value].still};
  }

  void find_last_readers() {
    std::vector<std::uint32_t> written_by(values_.size());
    for (std::uint32_t i = 0; i < drafts_.size(); ++i) {
      for (const Part& part : drafts_[i].parts) {
        for (const Use& one : part.out) {
          values_[one.value].last_reader = i;
          written_by[one.value] = share_of_[i];
        }
        for (const auto* uses : {&part.in, &part.params, &part.unscaled}) {
          for (const Use& one : *uses) {
            if (one.value == kNoValue) continue;
            Passed& value = values_[one.value];
            value.last_uses = value.last_reader == i ? value.last_uses + 1 : 1;
            value.last_reader = i;
            value.abroad = value.abroad || written_by[one.value] != share_of_[i];
          }
        }
      }
    }
  }

  void place_outputs(Part& part, std::uint32_t step) {
    for (std::size_t k = 0; k < part.out.size(); ++k) {
      Passed& value = values_[part.out[k].value];
      if (k == 0 && in_place(part, step)) {
        value.slot = values_[part.in[0].value].slot;
        values_[part.in[0].value].slot = kNoValue;  // the memory lives on as the output's
      } else {
        value.slot = value.still || value.abroad ? slots_.take_for_good(value.lanes)
                                                 : slots_.take(value.lanes, share_of_[step]);
      }
      part.step.out.push_back(bundle(part.out[k]));
    }
  }

  void give_back(const Part& part, std::uint32_t step) {
    for (const auto* uses : {&part.in, &part.params, &part.unscaled, &part.out}) {
      for (const Use& one : *uses) {
        if (one.value == kNoValue || values_[one.value].last_reader != step) continue;
        Passed& value = values_[one.value];
        if (value.slot == kNoValue || value.still || value.abroad) continue;
        slots_.give_back(value.slot, value.lanes, share_of_[step]);
        value.slot = kNoValue;
      }
    }
  }

  const Patch& patch_;
  std::vector<Passed>& values_;
  std::vector<StepDraft>& drafts_;
  std::span<const std::uint32_t> share_of_;
  Slots slots_;
};

}  // namespace

std::uint64_t place(const Patch& patch, std::vector<Passed>& values, std::vector<StepDraft>& drafts,
                    std::span<const std::uint32_t> share_of) {
  Placement placement(patch, values, drafts, share_of);
  placement.run();
  return placement.slots();
}

}  // namespace perigee
