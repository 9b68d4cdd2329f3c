// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <memory>
#include <vector>

#include "engine/program.h"

namespace perigee {

/// Builder's thread. Makes the nodes, which may read files and take time, and the memory of a plan that
/// compiled without mistakes. What nodes refuse is added to `mistakes`; the result is then nullptr.
std::unique_ptr<Program> build(const Patch& patch, const Plan& plan, std::vector<Mistake>& mistakes);

}  // namespace perigee
