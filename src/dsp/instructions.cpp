// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/instructions.h"

#include <hwy/highway.h>
#include <hwy/targets.h>

#include <cstdint>

namespace perigee::dsp {

namespace {

struct Set {
  std::string_view name;
  std::int64_t target;
};

constexpr Set kSets[] = {
#if HWY_ARCH_X86
    {"avx512", HWY_AVX3},
    {"avx2", HWY_AVX2},
    {"sse4", HWY_SSE4},
#else
    {"neon", HWY_NEON},
#endif
};

}  // namespace

std::vector<std::string> instructions() {
  const std::int64_t supported = hwy::SupportedTargets() & HWY_TARGETS;
  std::vector<std::string> names;
  for (const Set& set : kSets)
    if ((supported & set.target) != 0) names.emplace_back(set.name);
  return names;
}

bool use_instructions(std::string_view name) {
  hwy::SetSupportedTargetsForTest(0);  // what the processor says
  const std::int64_t supported = hwy::SupportedTargets() & HWY_TARGETS;
  std::int64_t chosen = supported;
  if (!name.empty()) {
    chosen = 0;
    for (const Set& set : kSets)
      if (set.name == name) chosen = supported & set.target;
    if (chosen == 0) return false;
    hwy::SetSupportedTargetsForTest(chosen);
  }
  hwy::GetChosenTarget().Update(chosen);
  return true;
}

void choose_instructions() {
  if (!hwy::GetChosenTarget().IsInitialized()) use_instructions("");
}

}  // namespace perigee::dsp
