// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "drivers/jack_latency.h"

namespace perigee {

namespace {

/// What reaches or is reached from any lane of a port, beyond us.
Latency outside(const std::vector<jack_port_t*>& lanes, jack_latency_callback_mode_t mode) {
  Latency range{INT64_MAX, 0};
  for (jack_port_t* lane : lanes) {
    jack_latency_range_t one{};
    jack_port_get_latency_range(lane, mode, &one);
    range = join(range, {one.min, one.max});
  }
  return range;
}

void set_range(const std::vector<jack_port_t*>& lanes, jack_latency_callback_mode_t mode, Latency latency) {
  jack_latency_range_t range{static_cast<jack_nframes_t>(latency.min),
                             static_cast<jack_nframes_t>(latency.max)};
  for (jack_port_t* lane : lanes) jack_port_set_latency_range(lane, mode, &range);
}

}  // namespace

void JackLatency::set(Map map) {
  const std::scoped_lock lock(mutex_);
  map_ = std::move(map);
}

void JackLatency::tell(jack_latency_callback_mode_t mode) {
  const std::scoped_lock lock(mutex_);
  const bool capture = mode == JackCaptureLatency;
  const auto& far = capture ? map_.inputs : map_.outputs;
  const auto& near = capture ? map_.outputs : map_.inputs;
  for (unsigned i = 0; i < near.size(); ++i) {
    Latency range{INT64_MAX, 0};
    for (const auto& way : map_.latencies.ways)
      if ((capture ? way.output : way.input) == i)
        range = join(range, outside(far[capture ? way.input : way.output], mode) + way.latency);
    if (range.min > range.max) range = capture ? map_.latencies.from_sources[i] : Latency{};
    set_range(near[i], mode, range);
  }
}

}  // namespace perigee
