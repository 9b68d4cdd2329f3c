// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <stdexcept>
#include <string_view>

namespace perigee::files {

/// Throws std::runtime_error: "PATH: reason".
[[noreturn]] inline void fail(const std::filesystem::path& path, std::string_view reason) {
  throw std::runtime_error(fmt::format("{}: {}", path.string(), reason));
}

}  // namespace perigee::files
