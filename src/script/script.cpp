// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/script.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "script/globals.h"
#include "script/hint.h"
#include "script/position.h"
#include "script/sandbox.h"
#include "script/source.h"
#include "script/watchdog.h"

namespace perigee {

namespace {

std::string out_of_memory(const ScriptOptions& options) {
  return fmt::format("stopped: it took more than {:.4g} MiB",
                     static_cast<double>(options.memory) / (1 << 20));
}

std::string out_of_time(const ScriptOptions& options) {
  return fmt::format("stopped: it ran for more than {:g} s", options.seconds);
}

int finish_in_lua(lua_State* L) {
  Session& session = Session::of(L);
  name_nodes(L, session);
  finish_notes(L, session);
  return 0;
}

/// The text of an error outside of any call: of the compiler.
Mistake compile_mistake(lua_State* L, const Session& session) {
  const char* text = lua_tostring(L, -1);
  Mistake mistake = split_message(session, text == nullptr ? "it cannot be compiled" : text);
  mistake.text += hint_after_compiler(mistake.text);
  return mistake;
}

/// What the script's end tells, besides the mistakes that it noted on its way.
void add_ending(Session& session, int status, std::vector<Mistake>& mistakes) {
  if (session.stopped) {
    mistakes.push_back({session.stopped_at, out_of_time(session.options)});
  } else if (status == LUA_ERRMEM || (status != 0 && session.failure.text == "not enough memory")) {
    mistakes.push_back({session.memory_ended, out_of_memory(session.options)});
  } else if (status != 0 && !session.workshop.poisoned) {
    if (status == LUA_ERRERR) session.failure = {session.grown_at, kStackOverflow};
    // After an undefined name an error need not be one: what stood for its value may have caused it, and
    // nothing shows whether it did. It comes back once the name is mended.
    mistakes.push_back(session.failure);
  }
}

/// On the script's thread.
void run_script(Session& session, const std::filesystem::path& path, Loaded& loaded) {
  const Place file = {path.string(), 0};
  auto& mistakes = loaded.mistakes;
  lua_State* L = session.lua;
  if (L == nullptr || lua_cpcall(L, open_sandbox, nullptr) != 0) {
    const char* text = L == nullptr ? nullptr : lua_tostring(L, -1);
    mistakes.push_back({file, text == nullptr || std::string_view(text) == "not enough memory"
                                  ? out_of_memory(session.options)
                                  : std::string(text)});
    return;
  }
  session.workshop.patch.folder = path.parent_path();
  int status = 0;
  try {
    status = load_source(L, session, path);
  } catch (const std::exception& e) {
    mistakes.push_back({file, e.what()});
    return;
  }
  if (status != 0) {
    mistakes.push_back(status == LUA_ERRMEM ? Mistake{file, out_of_memory(session.options)}
                                            : compile_mistake(L, session));
  } else {
    status = session.call(0, 0);
    add_ending(session, status, mistakes);
  }
  lua_settop(L, 0);
  // After "not enough memory" nothing works before a full collection.
  if (status != 0) lua_gc(L, LUA_GCCOLLECT, 0);
  session.memory.limit += std::size_t{1} << 20U;  // names have to be told even so
  lua_cpcall(L, finish_in_lua, nullptr);
  session.memory.limit = session.options.memory;

  Workshop& workshop = session.workshop;
  std::vector<Mistake> noted;
  for (const Note& note : workshop.notes)
    noted.push_back(note.node == kNoNode
                        ? Mistake{note.where, note.text}
                        : Mistake{note.where, mistake_of(workshop.patch, note.node, note.text).text});
  mistakes.insert(mistakes.begin(), noted.begin(), noted.end());
  for (Mistake& mistake : mistakes)
    if (mistake.where.file.empty()) mistake.where = file;
  // The patch first, then its modules, each by line.
  std::ranges::stable_sort(mistakes, {}, [&](const Mistake& one) {
    return std::tuple(one.where.file != file.file, std::string_view(one.where.file), one.where.line);
  });
  loaded.patch = std::move(workshop.patch);
  workshop.patch = {};
}

}  // namespace

Script::Script(ScriptOptions options) : options_(std::move(options)) {}
Script::~Script() = default;

Loaded Script::load(const std::filesystem::path& path) {
  loaded_.reset();
  auto watchdog = std::make_unique<Watchdog>(options_);
  if (current_ != nullptr) watchdog->session().keepsake = take_keepsake(current_->session());
  // The thread may outlive this call: what it writes to belongs to both.
  const auto loaded = std::make_shared<Loaded>();
  const bool ended = watchdog->run([loaded, path](Session& session) { run_script(session, path, *loaded); },
                                   options_.seconds);
  if (!ended) {
    Place place = watchdog->session().remembered();
    if (place.file.empty()) place.file = path.string();
    return {{}, {{place, out_of_time(options_)}}, {path}};
  }
  loaded->files = {path};
  for (const std::string& file : watchdog->session().files)
    if (file != path.string()) loaded->files.emplace_back(file);
  if (loaded->mistakes.empty()) loaded_ = std::move(watchdog);
  return std::move(*loaded);
}

void Script::keep() {
  if (loaded_ != nullptr) current_ = std::move(loaded_);
}

Loaded load_script(const std::filesystem::path& path, const ScriptOptions& options) {
  return Script(options).load(path);
}

void add_mistakes(std::vector<Mistake>& mistakes, const std::vector<Mistake>& more) {
  const std::vector<Mistake> before = mistakes;
  for (const Mistake& one : more) {
    const auto same_line = [&](const Mistake& known) {
      return one.where.line > 0 && known.where == one.where;
    };
    if (std::ranges::none_of(before, same_line)) mistakes.push_back(one);
  }
}

}  // namespace perigee
