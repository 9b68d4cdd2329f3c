// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/module.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <stdexcept>

#include "script/session.h"
#include "script/source.h"

namespace perigee {

namespace {

constexpr const char* kLoaded = "perigee.loaded";

/// "drums" or "lib.drums" as a file below the patch's folder; anything that could lead out of it is refused.
std::string relative_file(std::string_view name) {
  std::string path(name);
  std::ranges::replace(path, '.', '/');
  const auto fits = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '/'; };
  if (path.empty() || path.front() == '/' || path.back() == '/' || path.find("//") != std::string::npos ||
      !std::ranges::all_of(path, fits))
    throw std::runtime_error(
        fmt::format(R"(require takes a name such as "drums" or "lib.drums", not "{}")", name));
  return path + ".lua";
}

enum class Found { no, yes, broken };

/// Compiles the module onto the stack, or the message why not.
Found load(lua_State* L, std::string_view name) {
  Session& session = Session::of(L);
  const std::string file = relative_file(name);
  const std::filesystem::path beside = session.workshop.patch.folder / file;
  session.files.insert(beside.string());  // if it is not there, it may be what is written next
  std::error_code error;
  if (std::filesystem::exists(beside, error)) {  // whatever it is
    try {
      return load_source(L, session, beside) == 0 ? Found::yes : Found::broken;
    } catch (const std::runtime_error& reason) {
      throw std::runtime_error(fmt::format("module \"{}\", {}: {}", name, beside.string(), reason.what()));
    }
  }
  for (const Embedded& own : embedded_lua())
    if (own.name == "library/" + file) return load_embedded(L, own) == 0 ? Found::yes : Found::broken;
  return Found::no;
}

/// Upvalue: Lua's own require, or nil.
int require(lua_State* L) {
  std::size_t size = 0;
  const char* name = luaL_checklstring(L, 1, &size);
  lua_settop(L, 1);
  lua_getfield(L, LUA_REGISTRYINDEX, kLoaded);
  lua_pushvalue(L, 1);
  lua_rawget(L, 2);
  if (lua_islightuserdata(L, 3)) return luaL_error(L, "module \"%s\" requires itself", name);
  if (!lua_isnil(L, 3)) return 1;
  switch (load(L, {name, size})) {
    case Found::no:
      if (lua_isnil(L, lua_upvalueindex(1)))
        return luaL_error(L, "there is no module \"%s\" beside the patch or in the library", name);
      lua_pushvalue(L, lua_upvalueindex(1));
      lua_pushvalue(L, 1);
      lua_call(L, 1, 1);
      return 1;
    case Found::broken:
      return lua_error(L);
    case Found::yes:
      break;
  }
  lua_pushvalue(L, 1);
  lua_pushlightuserdata(L, nullptr);  // being loaded
  lua_rawset(L, 2);
  lua_pushvalue(L, 1);
  lua_call(L, 1, 1);
  if (lua_isnil(L, -1)) lua_pushboolean(L, 1), lua_replace(L, -2);
  lua_pushvalue(L, 1);
  lua_pushvalue(L, -2);
  lua_rawset(L, 2);
  return 1;
}

}  // namespace

void open_modules(lua_State* L, bool trust) {
  lua_newtable(L);
  lua_setfield(L, LUA_REGISTRYINDEX, kLoaded);
  if (trust)
    lua_getglobal(L, "require");
  else
    lua_pushnil(L);
  lua_pushcclosure(L, entry<require>, 1);
}

int load_embedded(lua_State* L, const Embedded& file) {
  const std::string chunk = fmt::format("=perigee/{}", file.name);
  return luaL_loadbufferx(L, file.text.data(), file.text.size(), chunk.c_str(), "t");
}

}  // namespace perigee
