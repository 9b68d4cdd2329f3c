// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <string>
#include <vector>

#include "patch/patch.h"

namespace perigee {

/// By node: the name of the global (or port) whose expression it is part of. A node without a name belongs to
/// what it feeds first; one that feeds nothing named, to nobody: "".
std::vector<std::string> scopes_of(const Patch& patch);

}  // namespace perigee
