// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// All kinds of node there are, in the order of the manual: generated from the list in nodes/meson.build.

#pragma once

#include <span>
#include <string_view>

#include "node/spec.h"

namespace perigee {

std::span<const Spec* const> all_kinds();

/// The declaration of a kind, or nullptr.
const Spec* find_kind(std::string_view kind);

}  // namespace perigee
