// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Patches written in C++.

#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "node/registry.h"
#include "patch/patch.h"

namespace perigee::test {

/// Writes patches as a script would, without Lua. Throws std::runtime_error for a name that nobody declared.
class PatchMaker {
 public:
  using Settings = std::map<std::string, Setting>;
  using Values = std::map<std::string, Value>;

  /// A node with its first inputs wired and the named values set, the rest at defaults.
  Source add(const Spec& spec, const std::vector<Source>& inputs, const Settings& params = {},
             const Values& fixed = {}, const std::string& name = "");
  Source add(std::string_view kind, const std::vector<Source>& inputs, const Settings& params = {},
             const Values& fixed = {}, const std::string& name = "") {
    return add(*find_kind(kind), inputs, params, fixed, name);
  }
  Source input(const std::string& name, unsigned lanes = 1, const std::string& connect = "");
  Source output(const std::string& name, Source source, const std::string& connect = "");
  /// A feedback node to be closed later.
  Source feedback(double frames = kChunk, const std::string& name = "");
  void close(Source feedback, Source from);

  Patch patch;
};

/// The same signal, not lined up with others.
inline Source nocomp(Source source) {
  source.compensated = false;
  return source;
}

}  // namespace perigee::test
