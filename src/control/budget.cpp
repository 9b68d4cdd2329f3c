// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/budget.h"

#include <algorithm>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace perigee {

namespace {

namespace fs = std::filesystem;

/// If nothing can be found out.
constexpr Bytes kUnknown{std::uint64_t{4} << 30U};

/// The number in a file of one line; nothing for "max", or without the file.
std::optional<Bytes> limit_in(const fs::path& file) {
  std::ifstream in(file);
  std::uint64_t number = 0;
  if (!(in >> number)) return {};
  return Bytes(number);
}

/// "MemTotal:       16384 kB"
Bytes machine(const fs::path& root) {
  std::ifstream in(root / "proc/meminfo");
  for (std::string name; in >> name;) {
    std::uint64_t number = 0;
    if (name == "MemTotal:" && in >> number) return Bytes(number) * 1024;
    in.ignore(4096, '\n');
  }
  return kUnknown;
}

/// A hierarchy of groups: the part of it that is mounted, and where.
struct Mount {
  fs::path part, at;
  bool unified = false;
};

bool has_word(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    if (list.substr(0, comma) == word) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
  return false;
}

/// "30 23 0:26 /part /at rw,nosuid - cgroup2 cgroup2 rw"
std::vector<Mount> mounts(const fs::path& root) {
  std::vector<Mount> found;
  std::ifstream in(root / "proc/self/mountinfo");
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string ignored, part, at, word, type, options;
    words >> ignored >> ignored >> ignored >> part >> at;
    while (words >> word && word != "-") {
    }
    words >> type >> ignored >> options;
    const bool unified = type == "cgroup2";
    if (unified || (type == "cgroup" && has_word(options, "memory"))) found.push_back({part, at, unified});
  }
  return found;
}

/// The least of a group and those that it is in.
Bytes least_of_group(const fs::path& root, const Mount& mount, const fs::path& group) {
  // In a container the mount may show no more than its own part, and this process may be outside of that.
  fs::path below = group.lexically_relative(mount.part);
  if (below.empty() || *below.begin() == "..") below = ".";
  const fs::path top = (root / mount.at.relative_path()).lexically_normal();
  Bytes least = Bytes::all_there_are();
  for (fs::path at = (top / below).lexically_normal();; at = at.parent_path()) {
    if (!at.has_filename()) at = at.parent_path();
    for (const char* name : {"memory.max", "memory.high", "memory.limit_in_bytes"})
      if (const auto limit = limit_in(at / name)) least = std::min(least, *limit);
    if (at == top || at.native().size() <= top.native().size()) return least;
  }
}

}  // namespace

Bytes memory_there_is(const fs::path& root) {
  Bytes least = machine(root);
  const std::vector<Mount> all = mounts(root);
  std::ifstream in(root / "proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {  // "4:memory:/group" or "0::/group"
    const auto first = line.find(':');
    const auto second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const bool unified = controllers.empty();
    if (!unified && !has_word(controllers, "memory")) continue;
    for (const Mount& mount : all)
      if (mount.unified == unified)
        least = std::min(least, least_of_group(root, mount, line.substr(second + 1)));
  }
  return least;
}

Bytes usual_budget() {
  static const Bytes usual(memory_there_is().count() / 4);
  return usual;
}

}  // namespace perigee
