// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>

#include "support/rig.h"

using namespace perigee;
using namespace perigee::test;

TEST_CASE("after a reset nothing of what was before is heard: filters and delays") {
  for (const std::string kind : {"lowpass", "highpass", "bandpass", "notch", "allpass", "peak", "lowshelf",
                                 "highshelf", "delay", "align", "lag"}) {
    CAPTURE(kind);
    const Spec& spec = *find_kind(kind);
    const unsigned ones[] = {1, 1, 1, 1};
    const Value fixed[] = {kind == "delay" ? 2.0 : 100.0};
    const auto node =
        spec.make({.in_lanes = {ones, 1}, .param_lanes = {ones, spec.params.size()}, .fixed = fixed});
    const auto run = [&](Sound sound, float part) {
      float numbers[4];  // delay: 10 ms, then 11 ms: nothing glides
      Control params[4];
      for (std::size_t i = 0; i < spec.params.size(); ++i) {
        numbers[i] =
            spec.params[i].name == "time" ? 0.01F * part : static_cast<float>(spec.params[i].max) * 0.5F;
        params[i] = {.data = &numbers[i]};
      }
      for (std::size_t at = 0; at < sound[0].size(); at += 50) {
        const Signal in[] = {{&sound[0][at], 1, 0}};
        const Output out[] = {{&sound[0][at], 1}};
        node->process({.frames = 50, .in = in, .param = {params, spec.params.size()}, .out = out});
      }
      return sound;
    };
    const Sound fresh = run(white_noise(1, 2000, 1), 1);
    run(white_noise(1, 2000, 2), 1.1F);
    node->reset();
    CHECK(identical(run(white_noise(1, 2000, 1), 1), fresh));
  }
}
