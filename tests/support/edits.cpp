// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "support/edits.h"

#include "support/play.h"

namespace perigee::test {

Patch patch_to_edit(unsigned number) {
  PatchMaker maker;
  const Source tone = maker.add("sine", {}, {{"hz", 100.0 + number % 7}}, {}, "tone");
  Source dry = maker.add("multiply", {tone}, {{"by", 0.5}}, {}, "dry");
  Source wet = tone;
  if (number % 8 >= 4) {
    wet = maker.add("delay", {wet}, {{"time", 0.001}}, {}, "a");
    wet = maker.add("lowpass", {wet}, {{"cutoff", 800.0}}, {}, "b");
  } else {
    const Source low = maker.add("lowpass", {wet}, {{"cutoff", 800.0}}, {}, "b");
    wet = maker.add("delay", {low}, {{"time", 0.001}}, {}, "a");
  }
  // Compensation that is gone at times, and grows at others.
  if (number % 5 > 0) wet = maker.add("lag", {wet}, {}, {{"frames", 100.0 * (1 << (number % 5))}});
  if (number % 3 == 0) {
    const Source loop = maker.feedback(64.0 * (1 + number % 4));
    const Source sum = maker.add("add", {dry}, {{"by", maker.add("multiply", {loop}, {{"by", 0.3}})}});
    maker.close(loop, sum);
    dry = sum;
  }
  maker.output("main", maker.add("sum", {dry, wet}));
  if (number % 2 == 0) maker.output("cue", maker.add("meter", {maker.add("saw", {})}));
  return maker.patch;
}

}  // namespace perigee::test
