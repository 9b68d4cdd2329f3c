// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where files are written: nowhere that something is read from or written to already.

#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "patch/patch.h"

namespace perigee {

/// A file is to be written that cannot be, for it is needed as it is. Says which, and why.
struct Occupied : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

/// Files by what they are, whatever they are called: spellings, symbolic and hard links are one.
class Destinations {
 public:
  /// A file that is read. `what` goes on "it is": "the patch".
  void read(const std::filesystem::path& file, const std::string& what);
  void read(const std::vector<std::filesystem::path>& files, const std::string& what);
  /// The sound files that its nodes play.
  void read(const Patch& patch);
  /// A file that is to be written. Throws Occupied if it is read, or written by something else. Devices never
  /// are.
  void write(const std::filesystem::path& file);

 private:
  struct Known {
    std::filesystem::path file;
    std::string what;
  };
  std::vector<Known> known_;
};

}  // namespace perigee
