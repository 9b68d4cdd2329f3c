// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <vector>

#include "patch/patch.h"
#include "patch/shape.h"

namespace perigee {

/// Every mistake of a patch at once, save cycles, which plan/ finds: numbers out of range or not finite,
/// inputs unwired, ports named twice, what a kind itself checks (files it needs, among others). Empty: it can
/// be planned. `shapes` are the patch's own.
std::vector<Mistake> validate(const Patch& patch, const std::vector<Shape>& shapes, double rate);

/// The text of a range mistake, or empty: `ceiling 4 dB is above 0 dB`.
std::string range_mistake(std::string_view name, double number, double min, double max, Unit unit);

}  // namespace perigee
