// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Standard input, output and error as the system sees them. Nothing here throws.

#pragma once

#include <string_view>

namespace perigee::console {

/// Before anything is opened: those of the three that are closed become ones that can be neither read nor
/// written, lest another file takes their number and is written over.
void hold_descriptors() noexcept;

/// Nobody who reads no more, no full disk and no terminal ends this process by a signal: then writing fails.
void ignore_signals() noexcept;

/// Writes all of it, and waits where it must; 0, or why not all of it could be written (errno). Where an
/// interruption is awaited (interruption.h), it ends the waiting.
int write_all(int descriptor, std::string_view text) noexcept;

/// As write_all, but no more at a time than `piece` bytes: `moved` is called whenever some were taken.
template <typename Moved>
int write_pieces(int descriptor, std::string_view text, std::size_t piece, const Moved& moved) {
  for (; !text.empty(); text.remove_prefix(text.size() < piece ? text.size() : piece)) {
    if (const int trouble = write_all(descriptor, text.substr(0, piece)); trouble != 0) return trouble;
    moved();
  }
  return 0;
}

}  // namespace perigee::console
