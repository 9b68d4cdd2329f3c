// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lines that somebody types at a terminal, with history and completion, or that come from a file.

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace perigee::cli {

class LineEditor {
 public:
  /// Whole words that the end of a line may become.
  using Complete = std::function<std::vector<std::string>(std::string_view)>;

  explicit LineEditor(Complete complete);
  ~LineEditor();
  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;

  enum class End { line, discarded, over };
  /// Without its end. Ctrl-C discards the line, Ctrl-D is the end of all. Throws std::length_error for a line
  /// that no patch would take.
  End read(const std::string& prompt, std::string& line);
  bool at_terminal() const { return terminal_ != nullptr; }

 private:
  class Terminal;
  std::unique_ptr<Terminal> terminal_;
};

}  // namespace perigee::cli
