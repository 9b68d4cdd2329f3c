// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <memory>
#include <vector>

#include "engine/program.h"

namespace perigee {

/// What a program takes over from the one before.
struct Inheritance {
  std::vector<std::shared_ptr<Instance>>
      instances;  ///< by node of the patch; nullptr: to be made. May be empty
  std::vector<Line> lines;
};

/// What build() will take, besides what is inherited.
Bytes memory_to_build(const Patch& patch, const Plan& plan, const Inheritance& inherited);

/// Builder's thread. Makes the nodes that are not inherited, which may read files and take time, and the
/// memory of a plan that compiled without mistakes. What nodes refuse, and that there is not enough memory,
/// is added to `mistakes`; the result is then nullptr.
std::unique_ptr<Program> build(const Patch& patch, const Plan& plan, std::vector<Mistake>& mistakes,
                               const Inheritance& inherited = {});

}  // namespace perigee
