// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A Lua script becomes a Patch. Lua runs on a thread of its own, within limits of time and memory, in a
// sandbox.

#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "node/registry.h"
#include "script/action.h"
#include "script/moment.h"
#include "script/playing.h"

namespace perigee {

struct ScriptOptions {
  double rate = 48000;                           ///< Hz, for what depends on it: latency()
  double seconds = 2;                            ///< a load may take
  std::size_t memory = std::size_t{256} << 20U;  ///< bytes, of Lua and of the patch that it makes
  bool trust = false;                            ///< no sandbox: io, os, debug, ffi, load; the limits stay
  std::span<const Spec* const> kinds = all_kinds();
  std::optional<std::string> text = {};  ///< the script, in place of what the file holds

  // All are called on the thread that called load(), while it waits; print() gets a line without its end.
  std::function<void(std::string_view)> print = {};
  /// Frames that a signal is late, for latency(); without it the script has no such function.
  std::function<Frames(const Patch&, const Source&, double rate)> latency = {};
  /// JACK's ports that match a pattern, for jack.ports(); without it there are none.
  std::function<std::vector<std::string>(const std::string& pattern)> ports = {};
};

/// Code that is sent to the script that plays.
struct Code {
  std::string text;
  std::string file;  ///< that it is from, for mistakes, and the line where it begins
  int line = 1;
  std::function<void(std::string_view)> print = {};  ///< in place of the script's own
};

/// Asks for a controller for a param (patch/learned.h).
struct Learning {
  enum class What : std::uint8_t {
    begin,   ///< the next one that is turned
    end,     ///< no more
    forget,  ///< that which it has
    tell,    ///< all that there are
  } what = What::tell;
  Source param = {};  ///< begin, forget; by the script's numbers
  Place where = {};
};

/// A file as it was read.
struct SourceFile {
  std::filesystem::path path;
  std::string text;
  bool changing = false;  ///< while it was read
};

struct Loaded {
  Patch patch;
  std::vector<Mistake> mistakes;  ///< empty: the script is well formed, and the patch may be validated
  std::vector<std::filesystem::path> files = {};  ///< the script and its modules, also those not found
  std::shared_ptr<const Moment> moment = {};      ///< of a script without mistakes
  std::vector<Errand> errands = {};               ///< to be carried out once the patch plays
  std::vector<SourceFile> sources = {};           ///< what was read of them

  // Of code that was sent.
  enum class Step : std::uint8_t { undo, redo, hush };
  std::vector<Step> steps = {};   ///< that it asked for
  std::vector<Action> sets = {};  ///< numbers that it sets and the patch does not tell of: they glide, or are
                                  ///< what the patch says already and hands may have changed
  std::optional<Learning> learning = {};  ///< likewise
  std::optional<std::string> value = {};  ///< of an expression
  bool incomplete = false;                ///< it would be understood if it went on
};

/// A callback may take so long.
inline constexpr double kCallbackSeconds = 0.2;

/// Holds the Lua state of the script that plays. Use it from one thread.
class Script {
 public:
  explicit Script(ScriptOptions options);
  ~Script();
  Script(const Script&) = delete;
  Script& operator=(const Script&) = delete;

  /// Runs the file in a fresh state, for at most the limit and a second. Its table `state` starts with the
  /// plain values that the script kept last left there. Mistakes name the file as it is written here.
  Loaded load(const std::filesystem::path& path);
  /// The same without waiting: attend() is to be called when woken and, until it has a result, at due().
  /// `wake` is called on another thread.
  void start_load(const std::filesystem::path& path, std::function<void()> wake);
  std::optional<Loaded> attend();
  std::chrono::steady_clock::time_point due() const;
  /// Runs code in the state of the script that plays: `playing` is its patch, of that moment. The result is a
  /// patch that has the code's nodes, too. After a mistake, globals and patch are as before; what tables hold
  /// is not looked at. Else keep() or drop() is to be called.
  void start_run(const Code& code, std::shared_ptr<const Patch> playing, std::shared_ptr<const Moment> moment,
                 std::function<void()> wake);
  /// What came last, and had no mistake, plays: a load's `state` is handed on.
  void keep();
  /// What came last does not play.
  void drop();
  /// Another version of the patch plays: globals hold the signals that they held then. Plain values and
  /// functions stay.
  void go_to(const Moment& moment);
  /// How the end of a text may go on.
  std::vector<std::string> completions(std::string_view text);
  /// Loops of the script that plays now set out at the first of their turns that is not before a beat, unless
  /// they are under way. One whose name a loop had before takes over from that one where its next turn would
  /// be; others of before run no more. `patch` and moment are what plays. Returns the number by which play()
  /// tells whose nodes it is about.
  std::uint64_t start_loops(double beat, const Patch& patch, const Moment& moment);
  /// The loops that run begin anew, at the first of their turns that is not before a beat; callbacks that
  /// wait do not go on. False while code that was sent runs: then not yet.
  bool restart_loops(double beat) { return playing_.restart(busy(), beat); }
  /// No loop runs any more, until it is made anew; and no callback goes on.
  void stop_loops() { playing_.stop(); }
  /// Whether loops or callbacks of the script with that number, of start_loops(), may still go on.
  bool plays(std::uint64_t number) const { return playing_.has(number); }
  /// The occasions that the script has functions for, since start_loops().
  const std::set<std::string, std::less<>>& asks() const { return asks_; }
  /// Something has happened: the script's function for it, if there is one, is called at a beat. False when
  /// too much waits already.
  bool tell(Occasion occasion, double beat) { return playing_.tell(std::move(occasion), beat); }
  /// The beat at which a loop or callback goes on next; infinity if none does.
  double next_beat() const;
  /// Has go on what is due first, for at most so long; `frame` is where the clock has next_beat(), if there
  /// is a clock. Nothing happens when nothing is due.
  Played play(double seconds = kCallbackSeconds, std::optional<Frames> frame = {});
  /// Seconds of processors that loops and callbacks have taken since forget_costs().
  double costs() const { return playing_.costs(busy()); }
  void forget_costs() { playing_.forget_costs(busy()); }
  /// Pauses those that take most, so many that what is left takes no more than a part of all.
  std::vector<Mistake> stop_costly(double part) { return playing_.stop_costly(busy(), part); }
  void set_rate(double rate) { options_.rate = rate; }

 private:
  /// The thread may outlive who started it: what it writes to belongs to both.
  struct Job {
    std::shared_ptr<Watchdog> watchdog;  ///< nullptr: it has failed already
    std::filesystem::path path;
    std::shared_ptr<Loaded> result;
    bool is_load = true;
  };
  void keep_newest();

  const Watchdog* busy() const;

  ScriptOptions options_;
  std::optional<Job> job_;                        ///< under way
  std::shared_ptr<Watchdog> current_;             ///< of what plays
  std::shared_ptr<Watchdog> loaded_;              ///< last, without mistakes
  std::deque<std::shared_ptr<Watchdog>> states_;  ///< of what played; the oldest first
  Playing playing_;
  std::set<std::string, std::less<>> asks_;
};

Loaded load_script(const std::filesystem::path& path, const ScriptOptions& options);

/// Adds what later stages found, save at lines where something is wrong already: a bad argument leaves a
/// default behind, and what that default breaks is no news.
void add_mistakes(std::vector<Mistake>& mistakes, const std::vector<Mistake>& more);

}  // namespace perigee
