// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One Lua state, all that its functions work on, and what its thread and the thread that waits for it share.

#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <lua.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "script/answers.h"
#include "script/keepsake.h"
#include "script/kinds.h"
#include "script/loops.h"
#include "script/script.h"

namespace perigee {

/// A mistake whose node may still get a name.
struct Note {
  NodeId node = kNoNode;
  Place where;
  std::string text;
  std::string unset = {};  ///< the global that was read before it was set
  std::string hint = {};   ///< for `unset`: a local variable with nearly that name
};

/// What a script is writing.
struct Workshop {
  Patch patch;
  PatchNode scratch;                 ///< the node whose arguments are being read
  std::vector<std::string> pending;  ///< mistakes in those arguments
  std::vector<Note> notes;
  std::vector<std::string> globals;                 ///< in the order of their first assignment
  std::unordered_map<std::string, Place> assigned;  ///< the same, and where that was
  bool poisoned = false;      ///< an undefined name has been read: later Lua errors may come from it
  Place tempo_used;           ///< of the first beats(), after which the tempo is settled
  NodeId stand_in = kNoNode;  ///< see stand_in()
  std::vector<Errand> errands;
  std::vector<std::string> ports;  ///< found by the call that runs

  void note(NodeId node, Place where, std::string text);
};

/// What runs in logical time, and what it asked for since somebody looked.
struct Loops {
  std::vector<LuaLoop> all;
  std::vector<LuaCall> calls;  ///< that wait
  std::vector<Action> actions;
  Patch patch;                               ///< that plays, its nodes by the script's numbers
  std::unordered_map<NodeId, NodeId> notes;  ///< by signal: which node plays its notes
  lua_State* thread = nullptr;               ///< the coroutine of a task that runs
  double now = 0;                            ///< its beat
  std::optional<double> waits;               ///< beats that it asked for by wait()
  double frame = 0;                          ///< of what runs
  std::uint64_t round = 0;                   ///< of the crowd, see pace.h
  std::size_t idle_steps = 0;                ///< how often tasks went on without leaving that frame
  Place failed_at;                           ///< where the last one that failed was
};

/// Memory of Lua and of the patch that it makes, in bytes.
struct Memory {
  std::size_t limit = 0;  ///< for the user's code alone: nobody else could catch an error
  std::size_t used = 0;
  std::size_t patch = 0;  ///< of that, what the workshop's patch was charged with
};

/// Where the calling thread's own stack has got to. Not a local variable's address: the address sanitizer
/// keeps those elsewhere.
inline std::intptr_t stack_pointer() { return reinterpret_cast<std::intptr_t>(__builtin_frame_address(0)); }

class Session {
 public:
  explicit Session(const ScriptOptions& options);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// The session that a state, or a coroutine of it, belongs to.
  static Session& of(lua_State* L);

  // The script's thread.

  /// Counts what the patch takes towards the limit; throws std::bad_alloc beyond it.
  void charge(std::size_t bytes);
  /// Remembers the user's line, should the thread have to be given up.
  void remember(lua_State* L);
  void remember(const Place& place);
  /// Has the waiting thread do something; false if it waits no more.
  bool on_caller(const std::function<void()>& work);
  /// Calls the function under its arguments, with the watchdog's right to stop it. Status of lua_pcall.
  int call(int arguments, int results);
  /// The user's code as a function on top of the stack, or a message; as luaL_loadbuffer.
  int compile(lua_State* L, std::string_view text, const std::string& chunk);
  /// Frees all of Lua's memory that nobody holds: after "not enough memory" nothing works before that.
  void collect();
  /// Whether C calls Lua calls C … so deep that the thread's own stack is in danger.
  bool deep() const;

  /// The line noted last. Any thread.
  Place remembered() const;

  lua_State* lua = nullptr;
  ScriptOptions options;
  Kinds kinds;
  Workshop workshop;
  Loops loops;
  Answers answers, answers_before;  ///< and those before the code that was sent last
  Keepsake keepsake;                ///< what the last save left in `state`
  Memory memory;
  double seconds = 0;                        ///< that what runs may take
  std::set<std::string, std::less<>> files;  ///< that were looked for, as they are called in messages
  std::vector<SourceFile> sources;           ///< that were read
  Mistake failure;                           ///< what the message handler made of the last error
  Place memory_ended;                        ///< the line that asked for too much
  bool running = false;                      ///< the user's code is: the stack may be looked at
  bool compiling = false;                    ///< the user's code is being compiled
  Place grown_at;                            ///< the line of the last large allocation
  bool stopped = false;                      ///< by the watchdog
  Place stopped_at;
  const void* signal_metatable = nullptr;
  const void* poison_metatable = nullptr;
  int globals_ref = LUA_NOREF;  ///< the table of the user's globals, in Lua's registry
  // Of code that is sent, see sent_code.h.
  bool sent = false;              ///< such code runs, or ran last
  std::vector<const Spec*> made;  ///< kinds of all nodes ever made; their places are numbers for ever
  NodeId first_new = 0;           ///< the first node of the code that runs
  std::function<void(std::string_view)> print;  ///< of that code, in place of the one in the options
  std::vector<Loaded::Step> steps;              ///< that it asked for
  std::optional<Learning> learning;             ///< likewise
  std::map<std::pair<NodeId, unsigned>, Action>
      sets;                      ///< numbers of nodes that play, the last of each; glides alone have a time
  int before_ref = LUA_NOREF;    ///< a copy of the globals before it
  std::size_t names_before = 0;  ///< how many of them had ever been assigned
  int text_ref = LUA_NOREF;      ///< the function that puts a value into words
  int tell_ref = LUA_NOREF;      ///< that which does so with all of an expression's
  lua_CFunction sort = nullptr, insert = nullptr;  ///< of Lua's library table, see guarded.cpp
  std::intptr_t stack_base = 0;                    ///< of the script's thread
  char error[256] = {};                            ///< a C++ exception's text on its way into Lua

  // Shared, under the mutex.
  std::atomic<bool> stop_wanted = false;  ///< for what is written in C, where no hook is called
  std::mutex mutex;
  std::condition_variable changed;
  std::function<void()> job;
  std::function<void()>
      wake;  ///< of a thread that does not wait for the job, but may be told to attend to it
  bool quit = false;
  bool in_lua = false;    ///< the watchdog may set hooks
  bool revoked = false;   ///< nobody waits: results are thrown away
  bool given_up = false;  ///< likewise, and the thread may run for ever
  const std::function<void()>* request = nullptr;

 private:
  std::atomic<const std::string*> remembered_file_ = nullptr;
  std::atomic<int> remembered_line_ = 0;
};

/// Makes a C++ function callable from Lua. An exception becomes a Lua error only after its destructors have
/// run. Bodies hold no object with a destructor across a call of Lua's API that may raise an error. Lua's own
/// errors are foreign exceptions here and pass: hence no catch (...), and no noexcept.
template <int (*body)(lua_State*)>
int entry(lua_State* L) {
  const char* text = nullptr;
  try {
    return body(L);
  } catch (const std::bad_alloc&) {
    text = "not enough memory";
  } catch (const std::exception& e) {
    auto& buffer = Session::of(L).error;
    std::snprintf(buffer, sizeof buffer, "%s", e.what());
    text = buffer;
  }
  lua_pushstring(L, text);
  return lua_error(L);
}

}  // namespace perigee
