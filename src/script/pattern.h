// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lua's patterns, matched so that a script can be stopped in the middle. A pattern of a few bytes can take
// longer than the universe will last, and no hook interrupts what is written in C. Matches are those of
// LuaJIT's own functions, and so are its errors, to the letter.

#pragma once

#include <cstddef>
#include <lua.hpp>
#include <string_view>

namespace perigee {

/// Of one subject, on the script's thread. Raises Lua errors, and hence has no destructor.
class Pattern {
 public:
  /// Patterns end at their first 0 byte, which `pattern` has at its end.
  Pattern(lua_State* L, std::string_view subject, const char* pattern)
      : L_(L), begin_(subject.data()), end_(subject.data() + subject.size()), pattern_(pattern) {}

  /// Where a match that begins here ends, or nullptr.
  const char* match(const char* at);
  /// The first match from there on; `at` becomes where it begins.
  const char* search(const char*& at);

  const char* begin() const { return begin_; }
  const char* end() const { return end_; }
  /// Leaves the captures of the last match, or all of it where there are none. How many.
  int push_captures(const char* from, const char* to, bool whole_if_none);
  void push_capture(int index, const char* from, const char* to);

 private:
  static constexpr int kMostCaptures = 32;
  static constexpr int kDeepest = 200;
  static constexpr std::ptrdiff_t kOpen = -1, kPosition = -2;
  struct Capture {
    const char* from;
    std::ptrdiff_t size;  ///< or one of the two above
  };
  /// One thing that a byte can be, and what follows it in the pattern.
  struct Item {
    const char* from;
    const char* to;
  };

  const char* match_here(const char* at, const char* p);
  const char* match_rest(const char* at, const char* p);
  const char* open(const char* at, const char* p, std::ptrdiff_t size);
  const char* close(const char* at, const char* p);
  const char* repeat_most(const char* at, Item item);
  const char* repeat_least(const char* at, Item item);
  const char* balanced(const char* at, const char* p);
  const char* again(const char* at, char digit);
  bool at_frontier(const char* at, Item set);
  Item item_at(const char* p);
  bool fits(const char* at, Item item);
  void tick(std::size_t work = 1);

  lua_State* L_;
  const char* begin_;
  const char* end_;
  const char* pattern_;
  int captures_ = 0;
  int depth_ = 0;
  std::size_t work_ = 0;  ///< since somebody asked whether to stop
  Capture capture_[kMostCaptures] = {};
};

/// The first place of a text in another from a place on, or nullptr.
const char* find_plain(lua_State* L, std::string_view subject, std::size_t from, std::string_view text);

/// Whether a text means anything but itself as a pattern.
bool is_pattern(std::string_view text);

}  // namespace perigee
