// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstddef>

namespace perigee::dsp {

/// Whether all samples are finite. Any thread.
bool all_finite(const float* samples, std::size_t count) noexcept;

}  // namespace perigee::dsp
