// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The one place from which text goes to standard output and standard error. What it comes to is no matter of
// who says something: nothing here throws, no signal comes of it, and while a patch plays nothing waits. Text
// is made fit for a terminal (text/printable.h) on the way. Any thread.

#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace perigee::console {

enum class Stream : std::uint8_t { out, error };

/// First of all in main(): see descriptors.h.
void open() noexcept;

/// From now on a thread of its own writes, so that a terminal or reader that takes nothing holds up nobody:
/// what finds no room is dropped, and how many lines it was is told when there is room again. What cannot be
/// written then counts for nothing. Call it when signals are blocked as all threads shall have them. SIGTTOU
/// and SIGTTIN are ignored from here on: no terminal stops a patch.
void stand_aside() noexcept;

/// Before main() is left, with the exit code that it would have. If there is text that could not be written,
/// 0 becomes `lost`, and standard error is told why. Waits for what is still to be written, as long as it
/// moves.
int close(int code, int lost) noexcept;

/// False when something could not be written there.
bool works(Stream stream) noexcept;

void write(Stream stream, std::string_view text) noexcept;
/// As it is: what moves the cursor, and nothing that comes from elsewhere.
void control(Stream stream, std::string_view sequence) noexcept;
/// Other files than standard output and standard error are as they are.
void write(std::FILE* file, std::string_view text) noexcept;

void write_formatted(Stream stream, fmt::string_view format, fmt::format_args arguments) noexcept;

/// To standard output.
template <typename... Arguments>
void print(fmt::format_string<Arguments...> format, Arguments&&... arguments) noexcept {
  write_formatted(Stream::out, format, fmt::make_format_args(arguments...));
}

/// To standard error.
template <typename... Arguments>
void complain(fmt::format_string<Arguments...> format, Arguments&&... arguments) noexcept {
  write_formatted(Stream::error, format, fmt::make_format_args(arguments...));
}

}  // namespace perigee::console
