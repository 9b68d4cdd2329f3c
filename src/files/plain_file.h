// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every file that Perigee reads is opened here: one that is a stream of bytes without end, or one that would
// have to be waited for, is none. Not for the real-time thread.

#pragma once

#include <cstdint>
#include <ctime>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>

namespace perigee::files {

/// Why a file cannot be read, as a sentence about it: "is a pipe, not a plain file". Does not name it.
struct Unreadable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// There is no such file.
struct Missing : Unreadable {
  using Unreadable::Unreadable;
};

/// A file on a disk, open to be read from its beginning: no folder, pipe, device or socket, and nothing that
/// the kernel makes up (/proc, /sys). Opening never waits.
class PlainFile {
 public:
  explicit PlainFile(const std::filesystem::path& path);  ///< throws Unreadable
  ~PlainFile();
  PlainFile(const PlainFile&) = delete;
  PlainFile& operator=(const PlainFile&) = delete;

  /// Bytes, as it was opened.
  std::uint64_t size() const { return size_; }
  /// The next bytes, as many as there are: fewer than asked for only at the end. Throws Unreadable with the
  /// system's reason; such a thing is no end of the file.
  std::size_t read(std::span<char> into);
  /// The next bytes are those at this place. Throws Unreadable.
  void seek(std::uint64_t place);
  std::uint64_t place() const { return place_; }
  /// Somebody has written to it since it was opened.
  bool has_changed() const;

 private:
  int descriptor_ = -1;
  std::uint64_t size_ = 0, place_ = 0;
  timespec modified_ = {};
};

/// All of a file that has at most so many bytes; else throws Unreadable, before anything is read.
std::string read_all(PlainFile& file, std::uint64_t most);
std::string read_all(const std::filesystem::path& path, std::uint64_t most);

}  // namespace perigee::files
