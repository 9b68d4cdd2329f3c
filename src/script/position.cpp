// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/position.h"

#include <algorithm>
#include <charconv>

#include "script/hint.h"
#include "script/operators.h"
#include "script/session.h"

namespace perigee {

namespace {

/// As Lua shortens names of files: LuaJIT's lj_debug_shortname does the same.
std::string shortened(const std::string& file) {
  if (file.size() < LUA_IDSIZE) return file;
  return "..." + file.substr(file.size() - (LUA_IDSIZE - 4));
}

/// Takes "NAME:LINE: " off the front; 0 if it is not there.
int take_line(std::string_view& message, std::string_view name) {
  if (!message.starts_with(name) || message.substr(name.size(), 1) != ":") return 0;
  int line = 0;
  const char* start = message.data() + name.size() + 1;
  const char* all = message.data() + message.size();
  const auto [end, error] = std::from_chars(start, all, line);
  const std::string_view rest(end, static_cast<std::size_t>(all - end));
  if (error != std::errc() || !rest.starts_with(": ")) return 0;
  message = rest.substr(2);
  return line;
}

void replace(std::string& text, std::string_view what, std::string_view with) {
  const auto at = text.find(what);
  if (at != std::string::npos) text.replace(at, what.size(), with);
}

}  // namespace

Place user_place(lua_State* L) {
  lua_Debug frame;
  for (int level = 0; lua_getstack(L, level, &frame) != 0; ++level) {
    lua_getinfo(L, "Sl", &frame);
    if (frame.source[0] == '@') return {frame.source + 1, frame.currentline};
  }
  return {};
}

Mistake split_message(const Session& session, std::string_view message) {
  // An error that is passed on may have got several: the last one is where it began.
  Place place;
  while (true) {
    const std::size_t before = message.size();
    for (const std::string& file : session.files) {
      const int line = take_line(message, shortened(file));
      if (line > 0) place = {file, line};
    }
    if (message.starts_with("perigee/")) take_line(message, message.substr(0, message.find(':')));
    if (message.size() == before) return {place, std::string(message)};
  }
}

int keep_failure(lua_State* L) {
  Session& session = Session::of(L);
  std::size_t size = 0;
  const char* text = lua_type(L, 1) == LUA_TSTRING ? lua_tolstring(L, 1, &size) : nullptr;
  Mistake mistake =
      text != nullptr ? split_message(session, {text, size})
                      : Mistake{{}, std::string("error: ") + luaL_typename(L, 1) + " values have no message"};
  if (mistake.text.starts_with("stack overflow")) mistake.text = kStackOverflow;
  if (mistake.where.line == 0) mistake.where = user_place(L);
  replace(mistake.text, "(a userdata value)", "(a signal)");
  replace(mistake.text, "with userdata", "with a signal");
  replace(mistake.text, "userdata with", "a signal with");
  std::ranges::replace(mistake.text, '\n', ' ');
  if (mistake.text.starts_with("attempt to compare") && mistake.text.find("a signal") != std::string::npos)
    mistake.text = kNoComparing;
  if (mistake.text.find_first_not_of(' ') == std::string::npos) mistake.text = "error: without a message";
  mistake.text += hint_after(session, mistake.text);
  session.failure = std::move(mistake);
  return 1;
}

}  // namespace perigee
