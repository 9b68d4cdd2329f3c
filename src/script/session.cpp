// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/session.h"

#include <cstdlib>

#include "script/position.h"
#include "terminal/console.h"

namespace perigee {

namespace {

/// A patch full of mistakes is not told them all.
constexpr std::size_t kMostNotes = 100;
/// Bytes. Lua's stack ends at 65,500 slots of 8.
constexpr std::size_t kLargeBlock = 1 << 18;

void* allocate(void* owner, void* block, std::size_t before, std::size_t after) {
  auto& session = *static_cast<Session*>(owner);
  Memory& memory = session.memory;
  if (block == nullptr) before = 0;
  if (after == 0) {
    std::free(block);
    memory.used -= before;
    return nullptr;
  }
  const bool counts = session.running || session.compiling;
  if (counts && after > before && memory.used + (after - before) > memory.limit) {
    // Lua calls no message handler for this error, so the line is kept here.
    lua_State* task = session.loops.thread;
    if (session.running) session.memory_ended = user_place(task != nullptr ? task : session.lua);
    return nullptr;
  }
  // Lua's own stack may be at its end: no message handler can run then either.
  if (after >= kLargeBlock && after > before && session.running) session.grown_at = user_place(session.lua);
  void* moved = std::realloc(block, after);
  if (moved != nullptr) memory.used += after - before;
  return moved;
}

/// An error that nobody catches: a mistake of ours. Lua would end the process without a word.
int panic(lua_State* L) {
  const char* text = lua_tostring(L, -1);
  console::complain("perigee: an error in Lua that nobody catches: {}\n", text == nullptr ? "" : text);
  std::abort();
}

}  // namespace

void Workshop::note(NodeId node, Place where, std::string text) {
  if (notes.size() >= kMostNotes) return;
  for (const Note& known : notes)
    if (known.where == where && known.text == text) return;  // the same line, in a loop
  notes.push_back({node, std::move(where), std::move(text)});
}

Session::Session(const ScriptOptions& given) : options(given), kinds(given.kinds) {
  memory.limit = options.memory;
  lua = lua_newstate(allocate, this);
  if (lua != nullptr) lua_atpanic(lua, panic);
}

Session::~Session() {
  if (lua != nullptr) lua_close(lua);
}

Session& Session::of(lua_State* L) {
  void* owner = nullptr;
  lua_getallocf(L, &owner);
  return *static_cast<Session*>(owner);
}

void Session::charge(std::size_t bytes) {
  memory.used += bytes;
  memory.patch += bytes;
  if (memory.used <= memory.limit) return;
  memory_ended = user_place(lua);
  throw std::bad_alloc();
}

void Session::remember(lua_State* L) { remember(user_place(L)); }

void Session::remember(const Place& place) {
  if (place.line == 0) return;
  remembered_file_ = &*files.insert(place.file).first;
  remembered_line_ = place.line;
}

Place Session::remembered() const {
  const std::string* file = remembered_file_;
  return file == nullptr ? Place{} : Place{*file, remembered_line_};
}

bool Session::on_caller(const std::function<void()>& work) {
  std::unique_lock lock(mutex);
  if (revoked) return false;
  request = &work;
  changed.notify_all();
  if (wake) wake();
  changed.wait(lock, [this] { return request == nullptr || revoked; });
  return !revoked;
}

int Session::call(int arguments, int results) {
  {
    const std::scoped_lock lock(mutex);
    in_lua = true;
    stop_wanted = false;
  }
  const int handler = lua_gettop(lua) - arguments;
  lua_pushcfunction(lua, entry<keep_failure>);
  lua_insert(lua, handler);
  running = true;
  const int status = lua_pcall(lua, arguments, results, handler);
  running = false;
  {
    const std::scoped_lock lock(mutex);
    in_lua = false;
    lua_sethook(lua, nullptr, 0, 0);
  }
  lua_remove(lua, handler);
  return status;
}

int Session::compile(lua_State* L, std::string_view text, const std::string& chunk) {
  compiling = true;
  const int status = luaL_loadbufferx(L, text.data(), text.size(), chunk.c_str(), "t");
  compiling = false;
  return status;
}

void Session::collect() {
  const auto full = [](lua_State* L) { return lua_gc(L, LUA_GCCOLLECT, 0); };
  lua_cpcall(lua, full, nullptr);
}

bool Session::deep() const {
  constexpr std::ptrdiff_t kMost = 1 << 20;  // bytes, of the 2 to 8 MiB that threads get
  return std::abs(stack_base - stack_pointer()) > kMost;
}

}  // namespace perigee
