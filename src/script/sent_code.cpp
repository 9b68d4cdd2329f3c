// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/sent_code.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

#include "patch/rework.h"
#include "patch/spillover.h"
#include "script/draft.h"
#include "script/ending.h"
#include "script/held.h"
#include "script/lua_value.h"
#include "script/signal.h"

namespace perigee {

namespace {

constexpr std::size_t kLongestValue = 1 << 16;  // bytes
/// Beyond the script's limit, in bytes: what fills its memory can be thrown away by code that is sent.
constexpr std::size_t kForCode = 1 << 20;

/// Copies the table on top of the stack into a new one.
void copy_table(lua_State* L) {
  lua_newtable(L);
  for (lua_pushnil(L); lua_next(L, -3) != 0;) {
    lua_pushvalue(L, -2);
    lua_insert(L, -2);
    lua_rawset(L, -4);
  }
}

/// The values as print shows them, side by side. Upvalue: tostring.
int tell(lua_State* L) {
  const int count = lua_gettop(L);
  const Session& session = Session::of(L);
  const Source* made = count == 1 ? to_signal(L, 1) : nullptr;
  if (made != nullptr && session.workshop.patch.nodes[made->node].spec->out.empty()) return 0;  // output(…)
  luaL_checkstack(L, 2 * count + 2, "too many values");
  for (int i = 1; i <= count; ++i) {
    if (i > 1) lua_pushliteral(L, "\t");
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushvalue(L, i);
    lua_call(L, 1, 1);
    if (lua_type(L, -1) != LUA_TSTRING) return luaL_error(L, "tostring must return a string");
  }
  lua_concat(L, lua_gettop(L) - count);
  return count == 0 ? 0 : 1;
}

int copy_globals(lua_State* L) {
  Session& session = Session::of(L);
  lua_rawgeti(L, LUA_REGISTRYINDEX, session.globals_ref);
  copy_table(L);
  session.before_ref = luaL_ref(L, LUA_REGISTRYINDEX);
  if (session.tell_ref != LUA_NOREF) return 0;
  lua_getglobal(L, "tostring");
  lua_pushcclosure(L, entry<tell>, 1);
  session.tell_ref = luaL_ref(L, LUA_REGISTRYINDEX);
  return 0;
}

int restore_globals(lua_State* L) {
  const Session& session = Session::of(L);
  lua_rawgeti(L, LUA_REGISTRYINDEX, session.globals_ref);
  lua_rawgeti(L, LUA_REGISTRYINDEX, session.before_ref);
  const int now = lua_gettop(L) - 1, before = now + 1;
  for (lua_pushnil(L); lua_next(L, now) != 0;) {
    lua_pop(L, 1);
    lua_pushvalue(L, -1);
    lua_pushvalue(L, -1);
    lua_rawget(L, before);
    lua_rawset(L, now);  // a key that is there already: the walk goes on
  }
  for (lua_pushnil(L); lua_next(L, before) != 0;) {  // what the code took away
    lua_pushvalue(L, -2);
    lua_insert(L, -2);
    lua_rawset(L, now);
  }
  return 0;
}

/// What was compiled, on top of the stack: an expression, which is told, or statements; or the compiler's
/// message.
enum class Compiled { expression, statements, unfinished, no };

/// So that lines are those of the editor, empty ones come before.
Compiled compile(lua_State* L, Session& session, const Code& code) {
  const std::string name = "@" + code.file;
  const std::string lines(static_cast<std::size_t>(std::max(code.line, 1)) - 1, '\n');
  const auto load = [&](const std::string& text) { return session.compile(L, text, name) == 0; };
  const auto unfinished = [&] { return text_at(L, -1).ends_with("near '<eof>'"); };
  session.files.insert(code.file);
  std::string given = code.text;
  const bool asks = given.starts_with('=');
  if (asks) given.erase(0, 1);
  // Not a tail call, which would leave no trace of the line.
  if (load(lines + "local perigee_tell = ... return perigee_tell(" + given + "\n)"))
    return Compiled::expression;
  lua_pop(L, 1);
  const bool as_value = !load(lines + "return " + given) && unfinished();
  lua_pop(L, 1);
  if (!asks && load(lines + given)) return Compiled::statements;
  if (asks) load(lines + "return " + given);
  return as_value || unfinished() ? Compiled::unfinished : Compiled::no;
}

/// Globals that held one signal and hold another.
struct Outcome {
  std::vector<Redefinition> redefined;
  std::vector<std::pair<std::string, Source>> signals;
  std::vector<bool> held;
};

int look(lua_State* L) {
  auto& outcome = *static_cast<Outcome*>(lua_touserdata(L, 1));
  Session& session = Session::of(L);
  outcome.signals = global_signals(L, session);
  lua_rawgeti(L, LUA_REGISTRYINDEX, session.before_ref);
  for (const auto& [name, now] : outcome.signals) {
    lua_pushlstring(L, name.data(), name.size());
    lua_rawget(L, 2);
    const Source* before = to_signal(L, -1);
    if (before != nullptr && !(*before == now)) outcome.redefined.push_back({*before, now});
    lua_pop(L, 1);
  }
  outcome.held = held_nodes(L, session);
  return 0;
}

/// Nodes that stay: outputs, meters, what a script can still get at, and what those hear.
std::vector<bool> staying(const Patch& patch, const std::vector<bool>& there, const std::vector<bool>& held,
                          const std::vector<bool>& was_held) {
  std::vector<NodeId> roots;
  for (NodeId id = 0; id < patch.nodes.size(); ++id) {
    const Spec& spec = *patch.nodes[id].spec;
    const bool lost = was_held[id] && !held[id];  // a meter that had a name, and whose name is another's now
    const bool works = spec.role == Role::output || ((spec.sink || !spec.readings.empty()) && !lost);
    if (there[id] && (held[id] || works)) roots.push_back(id);
  }
  return heard_by(patch, roots);
}

/// Notes who hears what is there no more.
void note_gone(Workshop& workshop, const std::vector<bool>& there, const std::vector<bool>& stays) {
  const Patch& patch = workshop.patch;
  for (NodeId reader = 0; reader < stays.size(); ++reader) {
    if (!stays[reader] || !there[reader]) continue;
    const PatchNode& node = patch.nodes[reader];
    const auto gone = [&](const Source& source) { return source.node != kNoNode && !there[source.node]; };
    const auto set = [&](const Setting& setting) {
      const auto* source = std::get_if<Source>(&setting);
      return source != nullptr && gone(*source);
    };
    if (std::ranges::any_of(node.inputs, gone) || std::ranges::any_of(node.params, set))
      workshop.note(reader, node.where,
                    "it hears a signal that is gone: nothing heard it, and no global held it");
  }
}

/// After the code has run without a mistake: what it means for the patch.
void rework(Session& session, const Moment& moment, Outcome& outcome, Loaded& result) {
  Workshop& workshop = session.workshop;
  Patch& patch = workshop.patch;
  std::vector<bool> there(patch.nodes.size()), was_held(patch.nodes.size());
  for (const NodeId id : moment.origin) there[id] = true;
  for (NodeId id = session.first_new; id < patch.nodes.size(); ++id) there[id] = true;
  for (const auto& [name, source] : moment.signals) was_held[source.node] = true;
  redefine(patch, session.first_new, outcome.redefined);
  for (const NodeId id : replaced(patch, session.first_new)) there[id] = false;
  const std::vector<bool> stays = staying(patch, there, outcome.held, was_held);
  note_gone(workshop, there, stays);
  if (!workshop.notes.empty()) return;
  for (NodeId id = 0; id < stays.size(); ++id) {
    patch.nodes[id].name.clear();
    if (!stays[id]) patch.nodes[id] = blank(*patch.nodes[id].spec);  // its port may be another's
  }
  finish(session, "", result.mistakes);
  PatchPart part = part_of(patch, stays);
  result.patch = with_spillover(std::move(part.patch), result.mistakes);
  auto now = std::make_shared<Moment>();
  now->state = moment.state;
  now->origin = std::move(part.origin);
  now->signals = std::move(outcome.signals);
  result.moment = std::move(now);
}

/// Takes stock of the nodes, whose numbers are never given twice.
void count_nodes(Session& session) {
  const auto& nodes = session.workshop.patch.nodes;
  for (std::size_t id = session.made.size(); id < nodes.size(); ++id) session.made.push_back(nodes[id].spec);
}

/// Beside the patch that plays, in which numbers given since then stand for nothing.
void lay_out(Session& session, const Patch& playing, const Moment& moment) {
  Workshop& workshop = session.workshop;
  workshop.patch = whole_of(playing, moment.origin, session.made);
  workshop.notes.clear();
  workshop.poisoned = false;
  workshop.stand_in = kNoNode;
  session.first_new = static_cast<NodeId>(session.made.size());
  session.answers_before = session.answers;
  session.sent = true;
  session.stopped = false;
  session.failure = {};
  session.memory_ended = session.grown_at = session.stopped_at = {};
  session.steps.clear();
  session.learning.reset();
  session.memory.used -= std::exchange(session.memory.patch, 0);
  std::size_t bytes = 0;
  for (const PatchNode& node : workshop.patch.nodes) bytes += bytes_of(node);
  session.memory.used += bytes;
  session.memory.patch += bytes;
}

/// Names that are no more are to be undefined again.
void forget_names(Session& session, std::size_t known) {
  Workshop& workshop = session.workshop;
  for (std::size_t i = known; i < workshop.globals.size(); ++i) workshop.assigned.erase(workshop.globals[i]);
  workshop.globals.resize(std::min(known, workshop.globals.size()));
}

}  // namespace

void run_code(Session& session, const Code& code, const Patch& playing, const Moment& moment,
              Loaded& result) {
  lua_State* L = session.lua;
  lay_out(session, playing, moment);
  session.memory.limit = session.options.memory + kForCode;
  const std::size_t names = session.workshop.globals.size();
  session.names_before = names;
  int status = lua_cpcall(L, entry<copy_globals>, nullptr);
  if (status != 0) {
    lua_settop(L, 0);
    session.collect();
    result.mistakes.push_back({{code.file, code.line}, out_of_memory(session.options)});
    session.workshop.patch = {};
    session.memory.limit = session.options.memory;
    return;
  }
  const Compiled compiled = compile(L, session, code);
  if (compiled == Compiled::no || compiled == Compiled::unfinished) {
    result.mistakes.push_back(compile_mistake(L, session));
    result.incomplete = compiled == Compiled::unfinished;
  } else {
    lua_rawgeti(L, LUA_REGISTRYINDEX, session.tell_ref);
    status = session.call(1, 1);
    add_ending(session, status, result.mistakes);
    if (status == 0 && lua_type(L, -1) == LUA_TSTRING && compiled == Compiled::expression) {
      result.value = std::string(text_at(L, -1).substr(0, kLongestValue));
      if (text_at(L, -1).size() > kLongestValue) *result.value += " …";
    }
  }
  lua_settop(L, 0);
  if (status != 0) session.collect();
  count_nodes(session);
  if (result.mistakes.empty() && session.workshop.notes.empty()) {
    Outcome outcome;
    if (lua_cpcall(L, entry<look>, &outcome) == 0)
      rework(session, moment, outcome, result);
    else
      result.mistakes.push_back({{code.file, code.line}, out_of_memory(session.options)});
    lua_settop(L, 0);
  }
  if (!session.workshop.notes.empty() || !result.mistakes.empty()) {
    result.value.reset();
    finish(session, code.file, result.mistakes);
    put_back_copy(session);
  }
  session.memory.limit = session.options.memory;
  result.steps = session.steps;
  result.learning = session.learning;
  result.errands = std::exchange(session.workshop.errands, {});
  session.workshop.patch = {};
}

void drop_copy(Session& session) {
  settle_answers(session, true);
  luaL_unref(session.lua, LUA_REGISTRYINDEX, std::exchange(session.before_ref, LUA_NOREF));
}

void put_back_copy(Session& session) {
  std::erase_if(session.loops.all, [](const LuaLoop& loop) { return !loop.begun; });
  settle_answers(session, false);
  if (session.before_ref == LUA_NOREF) return;
  lua_cpcall(session.lua, entry<restore_globals>, nullptr);
  lua_settop(session.lua, 0);
  forget_names(session, session.names_before);
  drop_copy(session);
}

namespace {

struct Return {
  const Moment& moment;
  std::vector<std::pair<std::string, Source>> from{};
};

int put_back_signals(lua_State* L) {
  auto& [moment, from] = *static_cast<Return*>(lua_touserdata(L, 1));
  const Session& session = Session::of(L);
  from = global_signals(L, session);
  lua_rawgeti(L, LUA_REGISTRYINDEX, session.globals_ref);
  for (const auto& [name, source] : from) {
    lua_pushlstring(L, name.data(), name.size());
    lua_pushnil(L);
    lua_rawset(L, 2);
  }
  for (const auto& [name, source] : moment.signals) {
    lua_pushlstring(L, name.data(), name.size());
    push_signal(L, source);
    lua_rawset(L, 2);
  }
  return 0;
}

}  // namespace

void put_back(Session& session, const Moment& moment) {
  Return job{moment};
  lua_cpcall(session.lua, entry<put_back_signals>, &job);
  lua_settop(session.lua, 0);
  // Of two names of one node the first counts, so their order comes back too.
  auto& globals = session.workshop.globals;
  auto& assigned = session.workshop.assigned;
  std::set<std::string> moved;
  for (const auto& [name, source] : job.from) moved.insert(name), assigned.erase(name);
  for (const auto& [name, source] : moment.signals) moved.insert(name), assigned.try_emplace(name);
  std::erase_if(globals, [&](const std::string& name) { return moved.contains(name); });
  for (const auto& [name, source] : moment.signals) globals.push_back(name);
}

std::shared_ptr<Moment> first_moment(Session& session) {
  count_nodes(session);
  auto moment = std::make_shared<Moment>();
  moment->origin.resize(session.workshop.patch.nodes.size());
  std::iota(moment->origin.begin(), moment->origin.end(), NodeId{0});
  struct Job {
    Session& session;
    Moment& moment;
  } job{session, *moment};
  const auto take = [](lua_State* L) -> int {
    auto& given = *static_cast<Job*>(lua_touserdata(L, 1));
    given.moment.signals = global_signals(L, given.session);
    return 0;
  };
  lua_cpcall(session.lua, take, &job);
  lua_settop(session.lua, 0);
  return moment;
}

}  // namespace perigee
