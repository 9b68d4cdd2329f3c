// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How much memory a patch may take if nobody says so: a quarter of what there is. While it is edited, the old
// one, the new one and what fades between them may together take three quarters; the rest is for others.

#pragma once

#include <filesystem>

#include "node/bytes.h"

namespace perigee {

/// Of the machine, or of the control groups (versions 1 and 2) that this process is in, whatever is least.
/// `root` is where /proc and /sys are.
Bytes memory_there_is(const std::filesystem::path& root = "/");

/// A quarter of it, as it was when first asked. Any thread.
Bytes usual_budget();

}  // namespace perigee
