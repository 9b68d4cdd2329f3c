// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/text_search.h"

#include <algorithm>

#include "script/lua_value.h"
#include "script/pattern.h"
#include "script/session.h"

namespace perigee {

namespace {

/// Patterns call functions that call patterns …: that uses up the thread's own stack.
void check_room(lua_State* L) {
  if (Session::of(L).deep()) luaL_error(L, "stack overflow");
}

std::string_view check_text(lua_State* L, int index) {
  std::size_t size = 0;
  const char* text = luaL_checklstring(L, index, &size);
  return {text, size};
}

/// From 0; what lies outside of the text is at its ends.
std::size_t start_at(lua_State* L, int index, std::size_t size) {
  const auto length = static_cast<lua_Integer>(size);
  const lua_Integer start = luaL_optinteger(L, index, 1);
  return static_cast<std::size_t>(std::clamp<lua_Integer>(start < 0 ? start + length : start - 1, 0, length));
}

/// A match that is looked for in one place alone.
bool takes_anchor(const char*& pattern) {
  if (*pattern != '^') return false;
  ++pattern;
  return true;
}

template <bool finds>
int find_or_match(lua_State* L) {
  const std::string_view subject = check_text(L, 1), given = check_text(L, 2);
  const std::size_t start = start_at(L, 3, subject.size());
  const auto number = [&](const char* at) { return static_cast<lua_Integer>(at - subject.data()); };
  if (finds && (lua_toboolean(L, 4) != 0 || !is_pattern(given))) {
    const char* found = find_plain(L, subject, start, given);
    if (found == nullptr) return lua_pushnil(L), 1;
    lua_pushinteger(L, number(found) + 1);
    lua_pushinteger(L, number(found) + static_cast<lua_Integer>(given.size()));
    return 2;
  }
  const char* rest = given.data();
  const bool is_anchored = takes_anchor(rest);
  Pattern pattern(L, subject, rest);
  const char* at = subject.data() + start;
  const char* to = is_anchored ? pattern.match(at) : pattern.search(at);
  if (to == nullptr) return lua_pushnil(L), 1;
  if (!finds) return pattern.push_captures(at, to, true);
  lua_pushinteger(L, number(at) + 1);
  lua_pushinteger(L, number(to));
  return 2 + pattern.push_captures(at, to, false);
}

/// Upvalues: the subject, the pattern, where to go on.
int next_found(lua_State* L) {
  check_room(L);
  const std::string_view subject = text_at(L, lua_upvalueindex(1));
  Pattern pattern(L, subject, lua_tostring(L, lua_upvalueindex(2)));
  const auto from = static_cast<std::size_t>(lua_tointeger(L, lua_upvalueindex(3)));
  const char* at = subject.data() + from;
  const char* to = pattern.search(at);
  if (to == nullptr) return 0;
  // An empty match is not found again.
  lua_pushinteger(L, to - subject.data() + (to == at ? 1 : 0));
  lua_replace(L, lua_upvalueindex(3));
  return pattern.push_captures(at, to, true);
}

int gmatch(lua_State* L) {
  check_text(L, 1);
  check_text(L, 2);
  lua_settop(L, 2);
  lua_pushinteger(L, 0);
  lua_pushcclosure(L, entry<next_found>, 3);
  return 1;
}

/// The text in place of a match, in which %1 stands for a capture and %0 for all of it.
void add_text(lua_State* L, luaL_Buffer& buffer, Pattern& pattern, const char* from, const char* to) {
  std::size_t size = 0;
  const char* text = lua_tolstring(L, 3, &size);
  for (std::size_t i = 0; i < size; ++i) {
    if (text[i] != '%') {
      luaL_addchar(&buffer, text[i]);
      continue;
    }
    const char next = text[++i];  // behind the last there is a 0 byte
    if (next < '0' || next > '9') {
      luaL_addchar(&buffer, next);
    } else if (next == '0') {
      luaL_addlstring(&buffer, from, static_cast<std::size_t>(to - from));
    } else {
      pattern.push_capture(next - '1', from, to);
      luaL_addvalue(&buffer);
    }
  }
}

/// What a function or table has for a match; nil or false leaves it as it is.
void add_value(lua_State* L, luaL_Buffer& buffer, Pattern& pattern, const char* from, const char* to) {
  if (lua_type(L, 3) == LUA_TFUNCTION) {
    lua_pushvalue(L, 3);
    lua_call(L, pattern.push_captures(from, to, true), 1);
  } else {
    pattern.push_capture(0, from, to);
    lua_gettable(L, 3);
  }
  if (lua_toboolean(L, -1) == 0) {
    lua_pop(L, 1);
    lua_pushlstring(L, from, static_cast<std::size_t>(to - from));
  } else if (lua_isstring(L, -1) == 0) {
    luaL_error(L, "invalid replacement value (a %s)", luaL_typename(L, -1));
  }
  luaL_addvalue(&buffer);
}

int gsub(lua_State* L) {
  check_room(L);
  const std::string_view subject = check_text(L, 1);
  const char* rest = luaL_checkstring(L, 2);
  const int type = lua_type(L, 3);
  const int most = luaL_optint(L, 4, static_cast<int>(subject.size() + 1));
  const bool is_text = type == LUA_TNUMBER || type == LUA_TSTRING;
  if (!is_text && type != LUA_TFUNCTION && type != LUA_TTABLE)
    luaL_argerror(L, 3, "string/function/table expected");
  const bool is_anchored = takes_anchor(rest);
  Pattern pattern(L, subject, rest);
  luaL_Buffer buffer;
  luaL_buffinit(L, &buffer);
  const char* at = subject.data();
  int count = 0;
  while (count < most) {
    const char* to = pattern.match(at);
    if (to != nullptr) {
      ++count;
      if (is_text)
        add_text(L, buffer, pattern, at, to);
      else
        add_value(L, buffer, pattern, at, to);
    }
    if (to != nullptr && to > at)
      at = to;
    else if (at < pattern.end())
      luaL_addchar(&buffer, *at++);
    else
      break;
    if (is_anchored) break;
  }
  luaL_addlstring(&buffer, at, static_cast<std::size_t>(pattern.end() - at));
  luaL_pushresult(&buffer);
  lua_pushinteger(L, count);
  return 2;
}

}  // namespace

void add_text_search(lua_State* L, int string) {
  const auto put = [&](const char* name, lua_CFunction function) {
    lua_pushcfunction(L, function);
    lua_setfield(L, string, name);
  };
  put("find", entry<find_or_match<true>>);
  put("match", entry<find_or_match<false>>);
  put("gmatch", entry<gmatch>);
  put("gsub", entry<gsub>);
}

}  // namespace perigee
