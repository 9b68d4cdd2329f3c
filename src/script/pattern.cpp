// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/pattern.h"

#include <cstring>

#include "script/watchdog.h"

namespace perigee {

namespace {

/// Bytes looked at, from one question whether to stop to the next: some 20 µs.
constexpr std::size_t kWork = 8192;
/// Bytes that memcmp compares in the time that one takes here.
constexpr std::size_t kFast = 16;

// Of ASCII, whatever the locale.
bool is_digit(unsigned char c) { return c >= '0' && c <= '9'; }
bool is_lower(unsigned char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(unsigned char c) { return c >= 'A' && c <= 'Z'; }
bool is_letter(unsigned char c) { return is_lower(c) || is_upper(c); }
bool is_graph(unsigned char c) { return c > ' ' && c < 0x7f; }
bool is_space(unsigned char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_hex(unsigned char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

/// Whether a byte is what a letter after % stands for; what is no such letter stands for itself.
bool is_of_class(unsigned char c, unsigned char name) {
  const auto is = [&](bool in) { return is_lower(name) ? in : !in; };
  switch (name | 0x20) {
    case 'a':
      return is(is_letter(c));
    case 'c':
      return is(c < ' ' || c == 0x7f);
    case 'd':
      return is(is_digit(c));
    case 'g':
      return is(is_graph(c));
    case 'l':
      return is(is_lower(c));
    case 'p':
      return is(is_graph(c) && !is_letter(c) && !is_digit(c));
    case 's':
      return is(is_space(c));
    case 'u':
      return is(is_upper(c));
    case 'w':
      return is(is_letter(c) || is_digit(c));
    case 'x':
      return is(is_hex(c));
    case 'z':
      return is(c == 0);
    default:
      return c == name;
  }
}

unsigned char byte(const char* at) { return static_cast<unsigned char>(*at); }

/// Whether a byte is in a set: from its [ to behind its ].
bool is_in_set(unsigned char c, const char* p, const char* behind) {
  const char* const last = behind - 1;  // the ]
  const bool excludes = p[1] == '^';
  if (excludes) ++p;
  while (++p < last) {
    if (*p == '%') {
      if (is_of_class(c, byte(++p))) return !excludes;
    } else if (p[1] == '-' && p + 2 < last) {
      if (byte(p) <= c && c <= byte(p + 2)) return !excludes;
      p += 2;
    } else if (byte(p) == c) {
      return !excludes;
    }
  }
  return excludes;
}

}  // namespace

void Pattern::tick(std::size_t work) {
  work_ += work;
  if (work_ < kWork) return;
  work_ = 0;
  stop_if_wanted(L_);
}

const char* Pattern::match(const char* at) {
  captures_ = depth_ = 0;
  return match_here(at, pattern_);
}

const char* Pattern::search(const char*& at) {
  for (; at <= end_; ++at)
    if (const char* found = match(at)) return found;
  return nullptr;
}

const char* Pattern::match_here(const char* at, const char* p) {
  if (++depth_ > kDeepest) luaL_error(L_, "pattern too complex");
  const char* found = match_rest(at, p);
  --depth_;
  return found;
}

/// One item after the other; what may go on in several ways is tried on a deeper level.
const char* Pattern::match_rest(const char* at, const char* p) {
  while (*p != '\0') {
    tick();
    if (*p == '(') return p[1] == ')' ? open(at, p + 2, kPosition) : open(at, p + 1, kOpen);
    if (*p == ')') return close(at, p + 1);
    if (*p == '$' && p[1] == '\0') return at == end_ ? at : nullptr;
    if (*p == '%' && p[1] == 'b') {
      at = balanced(at, p + 2);
      p += 4;
    } else if (*p == '%' && p[1] == 'f') {
      if (p[2] != '[') luaL_error(L_, "missing '[' after '%%f' in pattern");
      const Item set = item_at(p + 2);
      if (!at_frontier(at, set)) return nullptr;
      p = set.to;
    } else if (*p == '%' && is_digit(byte(p + 1))) {
      at = again(at, p[1]);
      p += 2;
    } else {
      const Item item = item_at(p);
      const bool fit = fits(at, item);
      p = item.to;
      if (*p == '*') return repeat_most(at, item);
      if (*p == '+') return fit ? repeat_most(at + 1, item) : nullptr;
      if (*p == '-') return repeat_least(at, item);
      if (*p == '?') {
        ++p;
        if (!fit) continue;
        if (const char* found = match_here(at + 1, p)) return found;
        continue;
      }
      at = fit ? at + 1 : nullptr;
    }
    if (at == nullptr) return nullptr;
  }
  return at;
}

Pattern::Item Pattern::item_at(const char* p) {
  const char* const from = p++;
  if (*from == '%') {
    if (*p == '\0') luaL_error(L_, "malformed pattern (ends with '%%')");
    return {from, p + 1};
  }
  if (*from != '[') return {from, p};
  if (*p == '^') ++p;
  do {  // the first may be a ]
    if (*p == '\0') luaL_error(L_, "malformed pattern (missing ']')");
    if (*p++ == '%' && *p != '\0') ++p;
  } while (*p != ']');
  return {from, p + 1};
}

bool Pattern::fits(const char* at, Item item) {
  if (at >= end_) return false;
  switch (*item.from) {
    case '.':
      return true;
    case '%':
      return is_of_class(byte(at), byte(item.from + 1));
    case '[':
      tick(static_cast<std::size_t>(item.to - item.from));
      return is_in_set(byte(at), item.from, item.to);
    default:
      return *at == *item.from;
  }
}

const char* Pattern::repeat_most(const char* at, Item item) {
  const char* last = at;
  for (; fits(last, item); ++last) tick();
  for (; last >= at; --last)
    if (const char* found = match_here(last, item.to + 1)) return found;
  return nullptr;
}

const char* Pattern::repeat_least(const char* at, Item item) {
  while (true) {
    if (const char* found = match_here(at, item.to + 1)) return found;
    if (!fits(at, item)) return nullptr;
    ++at;
  }
}

const char* Pattern::open(const char* at, const char* p, std::ptrdiff_t size) {
  if (captures_ >= kMostCaptures) luaL_error(L_, "too many captures");
  capture_[captures_++] = {at, size};
  const char* found = match_here(at, p);
  if (found == nullptr) --captures_;
  return found;
}

const char* Pattern::close(const char* at, const char* p) {
  int last = captures_ - 1;
  while (last >= 0 && capture_[last].size != kOpen) --last;
  if (last < 0) luaL_error(L_, "invalid pattern capture");
  capture_[last].size = at - capture_[last].from;
  const char* found = match_here(at, p);
  if (found == nullptr) capture_[last].size = kOpen;
  return found;
}

/// %bxy: from an x to the y that belongs to it.
const char* Pattern::balanced(const char* at, const char* p) {
  if (p[0] == '\0' || p[1] == '\0') luaL_error(L_, "unbalanced pattern");
  // At its end there is a 0 byte, as in all strings of Lua; it is none of the two.
  if (*at != p[0]) return nullptr;
  for (std::ptrdiff_t inside = 1; ++at < end_;) {
    tick();
    if (*at == p[1]) {
      if (--inside == 0) return at + 1;
    } else if (*at == p[0]) {
      ++inside;
    }
  }
  return nullptr;
}

bool Pattern::at_frontier(const char* at, Item set) {
  tick(static_cast<std::size_t>(set.to - set.from));
  const unsigned char before = at == begin_ ? 0 : byte(at - 1);
  return !is_in_set(before, set.from, set.to) && is_in_set(byte(at), set.from, set.to);
}

/// %1 … %9: what that capture holds.
const char* Pattern::again(const char* at, char digit) {
  const int index = digit - '1';
  if (index < 0 || index >= captures_ || capture_[index].size == kOpen)
    luaL_error(L_, "invalid capture index");
  // A position has a size that is larger than any subject, and so never comes again.
  const auto size = static_cast<std::size_t>(capture_[index].size);
  if (static_cast<std::size_t>(end_ - at) < size) return nullptr;
  tick(size / kFast);
  return std::memcmp(capture_[index].from, at, size) == 0 ? at + size : nullptr;
}

void Pattern::push_capture(int index, const char* from, const char* to) {
  if (index >= captures_) {
    if (index != 0) luaL_error(L_, "invalid capture index");
    lua_pushlstring(L_, from, static_cast<std::size_t>(to - from));
    return;
  }
  const Capture& capture = capture_[index];
  if (capture.size == kOpen) luaL_error(L_, "unfinished capture");
  if (capture.size == kPosition)
    lua_pushinteger(L_, capture.from - begin_ + 1);
  else
    lua_pushlstring(L_, capture.from, static_cast<std::size_t>(capture.size));
}

int Pattern::push_captures(const char* from, const char* to, bool whole_if_none) {
  const int count = captures_ == 0 && whole_if_none ? 1 : captures_;
  luaL_checkstack(L_, count, "too many captures");
  for (int i = 0; i < count; ++i) push_capture(i, from, to);
  return count;
}

const char* find_plain(lua_State* L, std::string_view subject, std::size_t from, std::string_view text) {
  const char* at = subject.data() + from;
  const char* const end = subject.data() + subject.size();
  if (text.empty()) return at;
  for (std::size_t work = 0; static_cast<std::size_t>(end - at) >= text.size(); ++at) {
    const auto places = static_cast<std::size_t>(end - at) - text.size() + 1;
    const char* const next = static_cast<const char*>(std::memchr(at, text[0], places));
    if (next == nullptr) return nullptr;
    work += 1 + (static_cast<std::size_t>(next - at) + text.size()) / kFast;
    at = next;
    if (std::memcmp(at, text.data(), text.size()) == 0) return at;
    if (work < kWork) continue;
    work = 0;
    stop_if_wanted(L);
  }
  return nullptr;
}

bool is_pattern(std::string_view text) { return text.find_first_of("^$*+?.([%-") != std::string_view::npos; }

}  // namespace perigee
