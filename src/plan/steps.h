// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "plan/plan.h"

namespace perigee {

/// Fills in steps, lines and slots of a plan whose shapes, order, wires and timing are known.
void lay_out(const Patch& patch, Plan& plan, unsigned bank_lanes = kBankLanes);

}  // namespace perigee
