// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/sandbox.h"

#include <luajit.h>

#include "script/calls.h"
#include "script/clock.h"
#include "script/embedded.h"
#include "script/globals.h"
#include "script/guarded.h"
#include "script/host.h"
#include "script/methods.h"
#include "script/module.h"
#include "script/operators.h"
#include "script/poison.h"
#include "script/routes.h"
#include "script/session.h"
#include "script/signal.h"

namespace perigee {

namespace {

constexpr const char* kFunctions[] = {"assert",       "error",        "ipairs",   "next",     "pairs",
                                      "pcall",        "select",       "rawequal", "rawget",   "rawset",
                                      "getmetatable", "setmetatable", "type",     "tonumber", "unpack",
                                      "tostring",     "xpcall",       "_VERSION"};

void open_library(lua_State* L, const char* name, lua_CFunction open) {
  lua_pushcfunction(L, open);
  lua_pushstring(L, name);
  lua_call(L, 1, 0);
}

/// The JIT compiler is never on: a compiled endless loop runs no hook. With `trust` the rest is there.
void open_libraries(lua_State* L, bool trust) {
  if (trust) {
    luaL_openlibs(L);
  } else {
    open_library(L, "", luaopen_base);
    open_library(L, LUA_STRLIBNAME, luaopen_string);
    open_library(L, LUA_TABLIBNAME, luaopen_table);
    open_library(L, LUA_MATHLIBNAME, luaopen_math);
    open_library(L, LUA_BITLIBNAME, luaopen_bit);
    open_library(L, LUA_OSLIBNAME, luaopen_os);
  }
  luaJIT_setmode(L, 0, LUAJIT_MODE_ENGINE | LUAJIT_MODE_OFF);
  if (!trust) return;
  lua_pushnil(L);
  lua_setglobal(L, "jit");
  lua_getglobal(L, "package");
  for (const char* table : {"loaded", "preload"}) {
    lua_getfield(L, -1, table);
    for (const char* module : {"jit", "jit.opt", "jit.util", "jit.profile"})
      lua_pushnil(L), lua_setfield(L, -2, module);
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
}

/// Copies a table, or a library by its global name, so that scripts never hold the original.
void push_copy(lua_State* L, const char* global) {
  lua_newtable(L);
  lua_getglobal(L, global);
  for (lua_pushnil(L); lua_next(L, -2) != 0;) {
    lua_pushvalue(L, -2);
    lua_insert(L, -2);
    lua_settable(L, -5);
  }
  lua_pop(L, 1);
}

void remove_field(lua_State* L, const char* name) {
  lua_pushnil(L);
  lua_setfield(L, -2, name);
}

void set_library(lua_State* L, int names, const char* name) {
  lua_pushvalue(L, -1);
  lua_setfield(L, names, name);
}

/// Puts Lua's own functions into the table of names.
void add_lua(lua_State* L, Session& session, int names) {
  const bool trust = session.options.trust;
  if (!trust) {
    for (const char* name : kFunctions) lua_getglobal(L, name), lua_setfield(L, names, name);
    lua_newtable(L);
    lua_getglobal(L, "os");
    for (const char* name : {"time", "clock"}) lua_getfield(L, -1, name), lua_setfield(L, -3, name);
    lua_pop(L, 1);
    lua_setfield(L, names, "os");
  }
  for (const char* name : {"math", "bit"}) push_copy(L, name), lua_setfield(L, names, name);
  push_copy(L, "string");
  if (!trust) remove_field(L, "dump");
  set_library(L, names, "string");
  push_copy(L, "table");
  set_library(L, names, "table");
  push_copy(L, "coroutine");
  set_library(L, names, "coroutine");
  const int coroutine = lua_gettop(L);
  guard_libraries(L, session, coroutine - 2, coroutine - 1, coroutine);

  // Methods of strings are the same functions; the metatable itself stays out of reach.
  lua_pushliteral(L, "");
  lua_getmetatable(L, -1);
  lua_pushvalue(L, coroutine - 2);
  lua_setfield(L, -2, "__index");
  if (!trust) lua_pushliteral(L, "string"), lua_setfield(L, -2, "__metatable");
  lua_settop(L, names);
}

/// Runs lua/api/*.lua: each gets Perigee's inner functions and the table of names to fill in.
void add_api(lua_State* L, int names) {
  push_inner_functions(L);
  const int inner = lua_gettop(L);
  for (const Embedded& file : embedded_lua()) {
    if (!file.name.starts_with("api/")) continue;
    if (load_embedded(L, file) != 0) lua_error(L);
    lua_pushvalue(L, names);
    lua_pushvalue(L, inner);
    lua_call(L, 2, 0);
  }
  lua_getfield(L, inner, "text");
  Session::of(L).text_ref = luaL_ref(L, LUA_REGISTRYINDEX);
  lua_settop(L, names);
}

}  // namespace

int open_sandbox(lua_State* L) {
  Session& session = Session::of(L);
  open_libraries(L, session.options.trust);
  lua_settop(L, 0);
  if (session.options.trust)
    push_copy(L, "_G");
  else
    lua_newtable(L);
  const int names = 1;
  add_lua(L, session, names);
  open_signals(L, session);
  open_methods(L, session);
  open_operators(L);
  lua_pop(L, 1);
  open_poison(L, session);
  for (const Kind& kind : session.kinds.all())
    push_function(L, kind), lua_setfield(L, names, kind.spec->kind.data());
  open_modules(L, session.options.trust);
  lua_setfield(L, names, "require");
  add_host(L, session, names);
  add_routes(L, names);
  add_clock(L, names);
  add_api(L, names);
  open_globals(L, session);
  return 0;
}

}  // namespace perigee
