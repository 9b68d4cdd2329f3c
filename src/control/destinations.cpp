// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/destinations.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <tuple>

namespace perigee {

namespace {

constexpr int kMostLinks = 40;  // as the system follows

std::filesystem::path end_of_links(std::filesystem::path file) {
  std::error_code error;
  for (int i = 0; i < kMostLinks && std::filesystem::is_symlink(file, error); ++i) {
    const auto to = std::filesystem::read_symlink(file, error);
    if (!error) file = file.parent_path() / to;
  }
  return file;
}

/// What a file is, or will be: then it has a name in a folder that is.
std::tuple<dev_t, ino_t, std::string> identity(const std::filesystem::path& file) {
  struct stat found = {};
  if (stat(file.c_str(), &found) == 0) return {found.st_dev, found.st_ino, ""};
  const auto place = end_of_links(file);
  const auto folder = place.has_parent_path() ? place.parent_path() : std::filesystem::path(".");
  if (stat(folder.c_str(), &found) == 0) return {found.st_dev, found.st_ino, place.filename().string()};
  return {0, 0, std::filesystem::absolute(place).lexically_normal().string()};
}

bool is_device(const std::filesystem::path& file) {
  struct stat found = {};
  return stat(file.c_str(), &found) == 0 && S_ISCHR(found.st_mode);
}

}  // namespace

void Destinations::read(const std::filesystem::path& file, const std::string& what) {
  known_.push_back({file, what});
}

void Destinations::read(const std::vector<std::filesystem::path>& files, const std::string& what) {
  for (const auto& file : files) read(file, what);
}

void Destinations::read(const Patch& patch) {
  for (const PatchNode& node : patch.nodes)
    for (std::size_t i = 0; i < std::min(node.spec->fixed.size(), node.fixed.size()); ++i)
      if (const auto* text = std::get_if<std::string>(&node.fixed[i]);
          text != nullptr && !text->empty() && node.spec->fixed[i].name == "file")
        read(patch.folder / *text, "a sound file that the patch plays");
}

void Destinations::write(const std::filesystem::path& file) {
  if (is_device(file)) return;
  for (const Known& other : known_) {
    if (identity(other.file) != identity(file)) continue;
    throw Occupied(fmt::format("{}: it is {}{}: give it another name", file.string(), other.what,
                               other.file == file ? "" : fmt::format(", {}", other.file.string())));
  }
  known_.push_back({file, "where another output goes"});
}

}  // namespace perigee
