// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A file on its way to its place. Until it is whole, what was there before stays as it is.

#pragma once

#include <sys/types.h>

#include <filesystem>

namespace perigee::files {

/// Written beside the file whose place it is to take, under a name that begins with ".perigee-". Where its
/// place is a symbolic link, the file that it leads to is replaced; the new one has its owner, if that is
/// allowed, and its permissions. A device, as /dev/null, is written at once; folders, pipes and terminals are
/// refused. All functions throw std::runtime_error: the file's name and what is wrong.
class Replacement {
 public:
  explicit Replacement(std::filesystem::path place);
  ~Replacement();  ///< what has not come to its place is gone
  Replacement(const Replacement&) = delete;
  Replacement& operator=(const Replacement&) = delete;

  int descriptor() const { return descriptor_; }  ///< to be read and written; open as long as this lives
  bool is_device() const { return temporary_.empty() && !placed_; }

  /// Takes the place of what is there. If that cannot be, it stays beside, and the error says where.
  void take_place();
  /// Takes its place only if nothing is there: false if something is.
  bool take_free_place();
  /// Of something that is not whole: its place if nothing is there, or else one beside, as
  /// "sound.partial.wav". Returns which.
  std::filesystem::path take_any_place();

 private:
  void follow_links();
  void create();
  bool move_to(const std::filesystem::path& place);

  std::filesystem::path name_, place_, temporary_;
  int descriptor_ = -1;
  bool replaces_ = false, placed_ = false;
  mode_t mode_ = 0;
  uid_t owner_ = 0;
  gid_t group_ = 0;
};

}  // namespace perigee::files
