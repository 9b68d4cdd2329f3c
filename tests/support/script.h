// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Scripts that tests write inline, and kinds of node that exist as declarations only.

#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "script/script.h"

namespace perigee::test {

/// A small orchestra, declared as the real kinds are but without sound, and after it all kinds that exist.
std::span<const Spec* const> script_kinds();

/// Options with those kinds, a limit that a busy machine keeps too, and print() into `printed`.
ScriptOptions script_options(std::vector<std::string>* printed = nullptr);

/// A folder that goes with its files.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::filesystem::path write(const std::string& name, std::string_view text) const;
  std::filesystem::path path;
};

/// What one script comes to.
struct Result {
  Patch patch;
  std::vector<std::string> mistakes;  ///< in words; the file is called patch.lua
  std::vector<std::string> printed;

  const PatchNode* named(std::string_view name) const;
  /// All nodes, by their kinds: "input gain output".
  std::string kinds() const;
  /// A node with its wires and numbers, as in "gain(in=mic, level=-6)".
  std::string node(std::size_t id) const;
};

Result run(std::string_view text, ScriptOptions options = script_options());

/// Adds what validation finds at 48 kHz, as `perigee check` does.
void validate_too(Loaded& loaded);

/// The only mistake; or all of them, or "none".
std::string mistake(std::string_view text);

/// Of a script that begins with `mic = input('mic', 2)`: its last node, or its mistakes if it has any; and
/// its only mistake.
std::string last(const std::string& text);
std::string wrong(const std::string& text);

}  // namespace perigee::test
