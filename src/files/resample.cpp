// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "files/resample.h"

#include <fmt/format.h>
#include <samplerate.h>

#include <cmath>
#include <stdexcept>

namespace perigee::files {

Frames resampled_frames(Frames frames, double from, double to) {
  return std::llround(static_cast<double>(frames) * (to / from));
}

std::vector<float> resample(const std::vector<float>& lane, double from, double to) {
  if (from == to) return lane;
  constexpr Frames kMostFrames = Frames{1} << 30U;
  if (!(to / from <= kMostApart && from / to <= kMostApart))  // else it takes the memory first
    throw std::runtime_error(
        fmt::format("from {} to {} Hz: the rates are more than 256 times apart", from, to));
  const Frames wanted = resampled_frames(static_cast<Frames>(lane.size()), from, to);
  if (wanted > kMostFrames)
    throw std::runtime_error(
        fmt::format("from {} to {} Hz: {} frames are too long for memory", from, to, wanted));
  // The converter stops somewhere in its last frames: silence behind the sound lets it come to the very end.
  constexpr std::size_t kBehind = 64;
  std::vector<float> in = lane;
  in.resize(lane.size() + kBehind);
  std::vector<float> out(static_cast<std::size_t>(wanted));
  SRC_DATA data{};
  data.data_in = in.data();
  data.data_out = out.data();
  data.input_frames = static_cast<long>(in.size());
  data.output_frames = static_cast<long>(wanted);
  data.src_ratio = to / from;
  const int error = src_simple(&data, SRC_SINC_BEST_QUALITY, 1);
  if (error != 0)
    throw std::runtime_error(fmt::format("from {} to {} Hz: {}", from, to, src_strerror(error)));
  return out;
}

}  // namespace perigee::files
