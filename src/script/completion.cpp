// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/completion.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "script/lua_value.h"
#include "script/methods.h"
#include "script/session.h"
#include "script/signal.h"

namespace perigee {

namespace {

constexpr std::size_t kMost = 200;
constexpr std::string_view kKeywords[] = {"and", "break",    "do",     "else", "elseif", "end",   "false",
                                          "for", "function", "if",     "in",   "local",  "nil",   "not",
                                          "or",  "repeat",   "return", "then", "true",   "until", "while"};

bool in_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

struct Search {
  Session& session;
  std::string_view path;          ///< "voice.filter"
  char mark = 0;                  ///< . or : behind it, or nothing
  std::string_view start;         ///< of the word
  std::set<std::string> found{};  ///< whole words: "voice.filter:lowpass"

  void add(std::string_view word) {
    if (!word.starts_with(start) || word.empty() || !std::ranges::all_of(word, in_name)) return;
    std::string whole(path);
    if (mark != 0) whole += mark;
    found.insert(whole.append(word));
  }
  /// The table is on top of the stack.
  void add_keys(lua_State* L) {
    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1))
      if (lua_type(L, -2) == LUA_TSTRING && (mark != ':' || lua_isfunction(L, -1))) add(text_at(L, -2));
  }
};

/// Pushes the table of globals, and the one of the names behind it.
void push_tables(lua_State* L, const Session& session) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, session.globals_ref);
  if (lua_getmetatable(L, -1) == 0) return lua_newtable(L);
  lua_pushliteral(L, "__index");
  lua_rawget(L, -2);
  lua_remove(L, -2);
}

/// Replaces the table on top by what it holds at a name.
void step(lua_State* L, std::string_view name) {
  if (!lua_istable(L, -1)) return lua_pushnil(L), lua_replace(L, -2);
  lua_pushlstring(L, name.data(), name.size());
  lua_rawget(L, -2);
  lua_replace(L, -2);
}

void push_path(lua_State* L, std::string_view path) {
  for (bool first = true; !path.empty(); first = false) {
    const std::size_t end = std::min(path.find('.'), path.size());
    const std::string_view name = path.substr(0, end);
    path.remove_prefix(std::min(end + 1, path.size()));
    if (!first) {
      step(L, name);
      continue;
    }
    lua_pushvalue(L, 1);
    step(L, name);
    if (!lua_isnil(L, -1)) continue;
    lua_pop(L, 1);
    lua_pushvalue(L, 2);
    step(L, name);
  }
}

/// The signal is on top of the stack.
void add_of_signal(lua_State* L, Search& search, const Spec& spec) {
  if (search.mark == ':') {
    push_methods(L);
    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
      const std::string_view name = text_at(L, -2);
      const Kind* kind = search.session.kinds.find(name);
      if (kind == nullptr || kind->first(Slot::To::input) != nullptr) search.add(name);
    }
  } else {
    for (const Port& port : spec.out) search.add(port.name);
    for (const Param& param : spec.params) search.add(param.name);
  }
}

/// The fields of the table on top of the stack, and those that it has from its metatable: lua/api makes
/// objects so.
void add_of_table(lua_State* L, Search& search) {
  search.add_keys(L);
  if (lua_getmetatable(L, -1) == 0) return;
  lua_pushliteral(L, "__index");
  lua_rawget(L, -2);
  if (lua_istable(L, -1)) search.add_keys(L);
}

int find(lua_State* L) {
  auto& search = *static_cast<Search*>(lua_touserdata(L, 1));
  lua_settop(L, 0);
  push_tables(L, search.session);
  if (search.mark == 0) {
    search.add_keys(L);
    lua_pop(L, 1);
    search.add_keys(L);
    for (const std::string_view word : kKeywords) search.add(word);
    return 0;
  }
  push_path(L, search.path);
  if (const Source* source = to_signal(L, -1))
    add_of_signal(L, search, *search.session.made[source->node]);
  else if (lua_istable(L, -1))
    add_of_table(L, search);
  return 0;
}

}  // namespace

std::vector<std::string> completions(Session& session, std::string_view text) {
  if (session.lua == nullptr || session.globals_ref == LUA_NOREF) return {};
  const auto part = [](char c) { return in_name(c) || c == '.' || c == ':'; };
  const auto end = std::find_if_not(text.rbegin(), text.rend(), part).base();
  std::string_view word(end, text.end());
  Search search{session, "", 0, word};
  if (const auto mark = word.find_last_of(".:"); mark != std::string_view::npos) {
    search.path = word.substr(0, mark);
    search.mark = word[mark];
    search.start = word.substr(mark + 1);
  }
  if (search.mark != 0 && search.path.empty()) return {};
  lua_cpcall(session.lua, entry<find>, &search);
  lua_settop(session.lua, 0);
  std::vector<std::string> words(search.found.begin(), search.found.end());
  if (words.size() > kMost) words.resize(kMost);
  return words;
}

}  // namespace perigee
