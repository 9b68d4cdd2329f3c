// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/script.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "patch/rework.h"
#include "patch/spillover.h"
#include "script/completion.h"
#include "script/copied_globals.h"
#include "script/ending.h"
#include "script/sandbox.h"
#include "script/sent_code.h"
#include "script/source.h"
#include "script/watchdog.h"

namespace perigee {

namespace {

/// States of scripts that are kept, so that undo finds them again. Each has a thread.
constexpr std::size_t kMostStates = 8;
/// Code that is sent may take so long: loops of the same script wait meanwhile.
constexpr double kSentSeconds = 0.5;
/// Threads that nothing can stop, each with all its memory: with so many, no script is loaded any more.
constexpr unsigned kMostGivenUp = 2;

constexpr std::string_view kGivenUp =
    " inside a function that nothing can interrupt; its thread goes on at the lowest priority";

std::string too_many_given_up() {
  return fmt::format(
      "not loaded: {} scripts before it still run inside functions that nothing can interrupt; wait until "
      "they end, "
      "or start perigee again",
      Watchdog::given_up());
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
  if (status != 0) session.collect();
  finish(session, file.file, mistakes);
  Workshop& workshop = session.workshop;
  loaded.errands = std::exchange(workshop.errands, {});
  if (mistakes.empty()) loaded.moment = first_moment(session);
  loaded.patch = std::move(workshop.patch);
  if (mistakes.empty()) loaded.patch = with_spillover(std::move(loaded.patch), mistakes);
  workshop.patch = {};
}

}  // namespace

Script::Script(ScriptOptions options) : options_(std::move(options)) {}
Script::~Script() = default;

void Script::start_load(const std::filesystem::path& path, std::function<void()> wake) {
  loaded_.reset();
  if (Watchdog::given_up() >= kMostGivenUp) {
    job_ = Job{nullptr, path, std::make_shared<Loaded>()};
    job_->result->files = {path};
    job_->result->mistakes = {{{path.string(), 0}, too_many_given_up()}};
    return;
  }
  job_ = Job{std::make_shared<Watchdog>(options_), path, std::make_shared<Loaded>()};
  if (current_ != nullptr) job_->watchdog->session().keepsake = take_keepsake(current_->session());
  job_->watchdog->session().seconds = options_.seconds;
  job_->watchdog->start(
      [result = job_->result, path](Session& session) { run_script(session, path, *result); },
      options_.seconds, std::move(wake));
}

void Script::start_run(const Code& code, std::shared_ptr<const Patch> playing,
                       std::shared_ptr<const Moment> moment, std::function<void()> wake) {
  loaded_.reset();
  job_ =
      Job{moment == nullptr ? nullptr : moment->state.lock(), code.file, std::make_shared<Loaded>(), false};
  if (job_->watchdog == nullptr) {
    job_->result->mistakes = {
        {{}, "the script's state is no longer kept: save the patch, then code can be sent to it again"}};
    return;
  }
  job_->watchdog->session().print = code.print;
  const double seconds = std::min(options_.seconds, kSentSeconds);
  job_->watchdog->session().seconds = seconds;
  job_->watchdog->start(
      [result = job_->result, code, playing = std::move(playing),
       moment = std::move(moment)](Session& session) { run_code(session, code, *playing, *moment, *result); },
      seconds, std::move(wake));
}

std::optional<Loaded> Script::attend() {
  if (job_->watchdog == nullptr) return std::move(*std::exchange(job_, std::nullopt)->result);
  Watchdog& watchdog = *job_->watchdog;
  const Watchdog::State state = watchdog.attend();
  if (state == Watchdog::State::running) return std::nullopt;
  Job job = *std::exchange(job_, std::nullopt);
  const std::string file = job.path.string();
  if (state == Watchdog::State::given_up) {
    Place place = watchdog.session().remembered();
    if (place.file.empty()) place.file = file;
    std::erase(states_, job.watchdog);
    playing_.forget(job.watchdog);
    if (current_ == job.watchdog) current_.reset();
    return Loaded{
        {},
        {{place, out_of_time(watchdog.session().seconds) + std::string(kGivenUp) +
                     (job.is_load ? "" : "; its state is lost, and the patch plays on without it")}},
        {job.path}};
  }
  watchdog.session().print = {};
  Loaded& result = *job.result;
  if (job.is_load) {
    result.sources = std::exchange(watchdog.session().sources, {});
    result.files = {job.path};
    for (const std::string& other : watchdog.session().files)
      if (other != file) result.files.emplace_back(other);
    if (result.mistakes.empty()) loaded_ = job.watchdog;
  }
  if (result.moment != nullptr) {
    auto moment = std::make_shared<Moment>(*result.moment);
    moment->state = job.watchdog;
    result.moment = std::move(moment);
  }
  return std::move(result);
}

std::chrono::steady_clock::time_point Script::due() const {
  return job_->watchdog == nullptr ? std::chrono::steady_clock::now() : job_->watchdog->due();
}

Loaded Script::load(const std::filesystem::path& path) {
  start_load(path, {});
  if (job_->watchdog != nullptr) job_->watchdog->wait();
  return *attend();
}

void Script::keep() {
  if (loaded_ == nullptr) {
    if (current_ != nullptr) drop_copy(current_->session());
    return;
  }
  current_ = std::exchange(loaded_, nullptr);
  states_.push_back(current_);
  keep_newest();
}

/// So many, and so much memory, as one script may take.
void Script::keep_newest() {
  std::size_t kept = 0, bytes = 0;
  for (; kept < std::min(states_.size(), kMostStates); ++kept) {
    bytes += states_[states_.size() - 1 - kept]->session().memory.used;
    if (kept > 0 && bytes > options_.memory) break;
  }
  states_.erase(states_.begin(), states_.end() - static_cast<std::ptrdiff_t>(kept));
}

void Script::drop() {
  if (loaded_ == nullptr && current_ != nullptr) put_back_copy(current_->session());
  loaded_.reset();
}

void Script::go_to(const Moment& moment) {
  const auto state = moment.state.lock();
  if (state == nullptr) return;
  // Back to a graph, not in time.
  if (current_ != nullptr && current_ != state)
    give_keepsake(state->session(), take_keepsake(current_->session()));
  current_ = state;
  put_back(state->session(), moment);
}

std::vector<std::string> Script::completions(std::string_view text) {
  return current_ == nullptr ? std::vector<std::string>() : perigee::completions(current_->session(), text);
}

std::uint64_t Script::start_loops(double beat, const Patch& patch, const Moment& moment) {
  if (current_ == nullptr) return 0;
  Session& session = current_->session();
  // In loops nodes have the script's numbers.
  const bool moves = !session.loops.all.empty() || !session.answers.empty();
  session.loops.patch = moves ? whole_of(patch, moment.origin, session.made) : Patch();
  session.loops.notes.clear();
  asks_.clear();
  for (const auto& [occasion, answer] : session.answers) asks_.insert(occasion);
  return playing_.start(current_, beat);
}

double Script::next_beat() const { return playing_.next_beat(busy()); }

Played Script::play(double seconds, std::optional<Frames> frame) {
  std::shared_ptr<Watchdog> lost;
  Played played = playing_.play(busy(), frame, seconds, lost);
  if (lost == nullptr) return played;
  std::erase(states_, lost);
  if (current_ == lost) current_.reset();
  return played;
}

const Watchdog* Script::busy() const { return job_ ? job_->watchdog.get() : nullptr; }

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
