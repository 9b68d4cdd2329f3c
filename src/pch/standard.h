// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What almost every file includes, compiled once. A file still includes what it uses.

#ifndef PERIGEE_PCH_STANDARD_H_
#define PERIGEE_PCH_STANDARD_H_

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#endif  // PERIGEE_PCH_STANDARD_H_
