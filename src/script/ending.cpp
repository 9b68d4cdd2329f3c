// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/ending.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "script/globals.h"
#include "script/hint.h"
#include "script/position.h"

namespace perigee {

namespace {

int finish_in_lua(lua_State* L) {
  Session& session = Session::of(L);
  name_nodes(L, session);
  name_loops(L, session);
  finish_notes(L, session);
  return 0;
}

}  // namespace

bool wanted_memory(const Session& session, int status) {
  return status == LUA_ERRMEM || (status != 0 && session.failure.text == "not enough memory");
}

std::string out_of_memory(const ScriptOptions& options) {
  return fmt::format("stopped: it took more than {:.4g} MiB",
                     static_cast<double>(options.memory) / (1 << 20));
}

std::string out_of_time(double seconds) {
  return fmt::format("stopped: it ran for more than {:g} s", seconds);
}

Mistake compile_mistake(lua_State* L, const Session& session) {
  const char* text = lua_tostring(L, -1);
  Mistake mistake = split_message(session, text == nullptr ? "it cannot be compiled" : text);
  mistake.text += hint_after_compiler(mistake.text);
  return mistake;
}

void add_ending(Session& session, int status, std::vector<Mistake>& mistakes) {
  if (session.stopped) {
    mistakes.push_back({session.stopped_at, out_of_time(session.seconds)});
  } else if (wanted_memory(session, status)) {
    mistakes.push_back({session.memory_ended, out_of_memory(session.options)});
  } else if (status != 0 && !session.workshop.poisoned) {
    if (status == LUA_ERRERR) session.failure = {session.grown_at, kStackOverflow};
    // After an undefined name an error need not be one: what stood for its value may have caused it, and
    // nothing shows whether it did. It comes back once the name is mended.
    mistakes.push_back(session.failure);
  }
}

void finish(Session& session, const std::string& file, std::vector<Mistake>& mistakes) {
  lua_cpcall(session.lua, finish_in_lua, nullptr);
  const Workshop& workshop = session.workshop;
  std::vector<Mistake> noted;
  for (const Note& note : workshop.notes)
    noted.push_back(note.node == kNoNode
                        ? Mistake{note.where, note.text}
                        : Mistake{note.where, mistake_of(workshop.patch, note.node, note.text).text});
  mistakes.insert(mistakes.begin(), noted.begin(), noted.end());
  for (Mistake& mistake : mistakes)
    if (mistake.where.file.empty()) mistake.where = {file, 0};
  std::ranges::stable_sort(mistakes, {}, [&](const Mistake& one) {
    return std::tuple(one.where.file != file, std::string_view(one.where.file), one.where.line);
  });
}

}  // namespace perigee
