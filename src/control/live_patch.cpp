// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/live_patch.h"

#include <utility>

namespace perigee {

namespace {

/// Files that are written all the time are read all the same.
constexpr int kMostPutOff = 3;

}  // namespace

LivePatch::LivePatch(Engine& engine, Driver& driver, std::filesystem::path script, const LoadOptions& options)
    : driver_(driver),
      editor_(
          engine,
          [this](auto program, const auto& latencies) { driver_.publish(std::move(program), latencies); },
          [this](Program& program) { driver_.prepare(program); }),
      path_(std::move(script)),
      options_(options),
      threading_{.threads = options.threads},
      lua_(script_options(options)) {
  watch_.follow({path_});  // what is saved while the first load runs has been saved
}

std::vector<Mistake> LivePatch::take(const Version& version) {
  const Version heard = editor_.heard();
  std::vector<Mistake> mistakes;
  try {
    const Diff changes = editor_.edit(version, mistakes);
    if (!mistakes.empty()) return mistakes;
    summary_ = perigee::summary(changes);
    details_ = perigee::details(changes, heard->patch, version->patch);
  } catch (const SystemError& full) {
    if (playing_ == nullptr) throw;
    return {{{path_.string(), 0}, full.what()}};
  }
  playing_ = version;
  return {};
}

std::vector<Mistake> LivePatch::save(bool watched) {
  LoadedPatch loaded = check(lua_, path_, options_.rate);
  // A module that this save could not get as far as to read may be what is mended next.
  std::vector<std::filesystem::path> files = loaded.files;
  files.insert(files.end(), files_.begin(), files_.end());
  watch_.follow(files);
  if (watched && put_off_ < kMostPutOff && watch_.touched()) {
    ++put_off_;
    summary_.clear();
    details_.clear();
    return {};
  }
  put_off_ = 0;
  if (!loaded.mistakes.empty()) return loaded.mistakes;
  divide(loaded, threading_);
  const Version before = playing_;
  auto mistakes = take(version_of(std::move(loaded.patch), std::move(loaded.plan)));
  if (!mistakes.empty()) return mistakes;
  lua_.keep();
  files_ = std::move(loaded.files);
  watch_.follow(files_);
  after_.clear();
  if (before == nullptr) return {};
  before_.push_back(before);
  keep_newest(before_);
  return {};
}

std::vector<Mistake> LivePatch::change_rate(double rate) {
  options_.rate = rate;
  lua_.set_rate(rate);
  editor_.restart();
  auto mistakes = save();
  before_.clear();  // planned for the old rate
  after_.clear();
  if (mistakes.empty() || playing_ == nullptr) return mistakes;
  std::vector<Mistake> more;
  Plan plan = compile(playing_->patch, rate, more, kBankLanes, threading_);
  if (more.empty()) more = take(version_of(playing_->patch, std::move(plan)));
  if (!more.empty()) playing_.reset();
  add_mistakes(mistakes, more);
  return mistakes;
}

bool LivePatch::go(std::deque<Version>& from, std::deque<Version>& to) {
  if (from.empty()) return false;
  const Version before = playing_;
  if (!take(from.back()).empty()) return false;
  from.pop_back();
  to.push_back(before);
  return true;
}

bool LivePatch::undo() { return go(before_, after_); }

bool LivePatch::redo() { return go(after_, before_); }

}  // namespace perigee
