// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a patch costs while it plays, and what its meters show: for `perigee top`. Control thread.

#pragma once

#include <array>
#include <chrono>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "control/editor.h"
#include "drivers/driver.h"
#include "engine/cycles.h"
#include "engine/engine.h"
#include "engine/report.h"

namespace perigee {

class Overview {
 public:
  Overview(Engine& engine, const Driver& driver, const Editor& editor)
      : engine_(engine), driver_(driver), editor_(editor) {}

  /// Keeps what meters show.
  void take(const Report& report);
  /// So many periods came too late, of which the patch took that much at most: 1 is all.
  void late(unsigned periods, float share) { (share >= 1 ? late_own_ : late_others_) += periods; }

  /// What there is to tell, of the time since the last call; perigee-remote(7) describes it. From now on
  /// steps are measured, so that the next call tells of nodes, too.
  nlohmann::json tell();
  /// Call it now and then: where nobody has asked for some seconds, nothing is measured.
  void attend();

 private:
  using Clock = std::chrono::steady_clock;

  nlohmann::json nodes();
  nlohmann::json meters();

  Engine& engine_;
  const Driver& driver_;
  const Editor& editor_;
  std::map<const Instance*, std::array<float, kMostReadings>> readings_;
  unsigned late_own_ = 0, late_others_ = 0;

  bool measures_ = false;
  Clock::time_point asked_at_;
  const StepTimes* measured_ = nullptr;  ///< of which the next is the last reading
  std::vector<StepTimes::Sums> before_;
  CycleRate rate_;
  double cycles_a_reading_ = 0;
};

}  // namespace perigee
