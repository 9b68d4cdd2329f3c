// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Patches written as C++ values.

#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/program.h"
#include "plan/port_latency.h"
#include "support/rig.h"

namespace perigee::test {

/// Adds a node with its first inputs wired and the named values set, the rest at defaults.
NodeId add(Patch& patch, const Spec& spec, const std::vector<NodeId>& from = {},
           const std::map<std::string, Value>& fixed = {}, const std::map<std::string, double>& params = {});
NodeId add_input(Patch& patch, const std::string& name, unsigned lanes = 1, const std::string& connect = "");
NodeId add_output(Patch& patch, const std::string& name, NodeId from, const std::string& connect = "");

/// The rig's node as a patch: its inputs and the parameters that are signals come from inputs, its outputs go
/// to outputs.
Patch patch_of(const Rig& rig);
/// What has to come in for the same sound: the lanes of all inputs of patch_of(rig), one after the other.
Sound inputs_of(const Rig& rig);

struct Built {
  std::unique_ptr<Program> program;
  PortLatencies latencies;
};
/// Throws std::runtime_error with the patch's mistakes.
Built built(const Patch& patch, double rate);

}  // namespace perigee::test
