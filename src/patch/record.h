// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A patch as JSON, whole: what is written is read again to the bit. Pure.

#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>

#include "patch/patch.h"

namespace perigee {

nlohmann::json record_of(const Patch& patch);

/// Throws std::runtime_error when it is no patch of these kinds. What only a script keeps is not looked at:
/// see patch/integrity.h.
Patch patch_of(const nlohmann::json& record, std::span<const Spec* const> kinds);

}  // namespace perigee
