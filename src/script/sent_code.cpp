// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/sent_code.h"

#include <algorithm>
#include <utility>

#include "patch/rework.h"
#include "patch/spillover.h"
#include "script/copied_globals.h"
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

/// The values in words, side by side. Upvalue: what does so with one, see lua/api/values.lua.
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

int make_tell(lua_State* L) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, Session::of(L).text_ref);
  lua_pushcclosure(L, entry<tell>, 1);
  Session::of(L).tell_ref = luaL_ref(L, LUA_REGISTRYINDEX);
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
  // Not a tail call, which would leave no trace of the line. What follows a comment is on a line of its own,
  // to which Lua then counts the end of the expression.
  const std::string told = lines + "local perigee_tell = ... return perigee_tell(" + given;
  for (const char* end : {")", "\n)"}) {
    if (load(std::string(told).append(end))) return Compiled::expression;
    lua_pop(L, 1);
  }
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

/// Of what the code has set: glides, and what it gave no other number than the patch that plays says. Hands
/// may have changed that since, which no edit would undo.
std::vector<Action> unseen_sets(const Session& session, const Patch& playing, const Moment& moment) {
  std::vector<Action> found;
  for (const auto& [number, set] : session.sets) {
    const auto at = std::ranges::lower_bound(moment.origin, set.node);
    const bool known = at != moment.origin.end() && *at == set.node;
    const Setting& now = session.workshop.patch.nodes[set.node].params[set.param];
    if (set.over >= 0 ||
        (known &&
         now == playing.nodes[static_cast<std::size_t>(at - moment.origin.begin())].params[set.param]))
      found.push_back(set);
  }
  return found;
}

/// After the code has run without a mistake: what it means for the patch.
void rework(Session& session, const Patch& playing, const Moment& moment, Outcome& outcome, Loaded& result) {
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
  result.sets = unseen_sets(session, playing, moment);
  PatchPart part = part_of(patch, stays);
  result.patch = with_spillover(std::move(part.patch), result.mistakes);
  auto now = std::make_shared<Moment>();
  now->state = moment.state;
  now->origin = std::move(part.origin);
  now->signals = std::move(outcome.signals);
  result.moment = std::move(now);
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
  session.sets.clear();
  session.memory.used -= std::exchange(session.memory.patch, 0);
  std::size_t bytes = 0;
  for (const PatchNode& node : workshop.patch.nodes) bytes += bytes_of(node);
  session.memory.used += bytes;
  session.memory.patch += bytes;
}

}  // namespace

void run_code(Session& session, const Code& code, const Patch& playing, const Moment& moment,
              Loaded& result) {
  lua_State* L = session.lua;
  lay_out(session, playing, moment);
  const bool is_ready = copy_globals(session) &&
                        (session.tell_ref != LUA_NOREF || lua_cpcall(L, entry<make_tell>, nullptr) == 0);
  if (!is_ready) {
    result.mistakes.push_back({{code.file, code.line}, out_of_memory(session.options)});
    session.workshop.patch = {};
    return;
  }
  int status = 0;
  session.memory.limit = session.options.memory + kForCode;
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
      rework(session, playing, moment, outcome, result);
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

}  // namespace perigee
