// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A declaration told whole: what help() and `perigee nodes` say of a kind.

#pragma once

#include <span>
#include <string>

#include "node/spec.h"

namespace perigee {

/// Everything about one kind, lines of text.
std::string describe(const Spec& spec);
/// One line for each kind, by group.
std::string describe(std::span<const Spec* const> kinds);

/// The same as JSON: an object, or an array of them. What has no limit or default is null.
std::string describe_json(const Spec& spec);
std::string describe_json(std::span<const Spec* const> kinds);

}  // namespace perigee
