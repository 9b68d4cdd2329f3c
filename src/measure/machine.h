// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <string>

namespace perigee {

/// What the processor calls itself, so that figures can be told from those of other machines.
std::string processor();

}  // namespace perigee
