// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/live_patch.h"

#include <algorithm>

namespace perigee {

namespace {
constexpr std::size_t kMostVersions = 100;
}  // namespace

LivePatch::LivePatch(Engine& engine, Driver& driver, std::filesystem::path script, const LoadOptions& options)
    : driver_(driver),
      editor_(engine, [this](auto program,
                             const auto& latencies) { driver_.publish(std::move(program), latencies); }),
      path_(std::move(script)),
      options_(options),
      lua_(script_options(options)) {}

std::vector<Mistake> LivePatch::take(const Version& version) {
  const Patch playing = editor_.patch();
  std::vector<Mistake> mistakes;
  const Diff changes = editor_.edit(version.patch, version.plan, mistakes);
  if (!mistakes.empty()) return mistakes;
  summary_ = perigee::summary(changes);
  details_ = perigee::details(changes, playing, version.patch);
  return {};
}

std::vector<Mistake> LivePatch::save() {
  LoadedPatch loaded = check(lua_, path_, options_.rate);
  watch_.follow(loaded.files);
  if (!loaded.mistakes.empty()) return loaded.mistakes;
  const Version playing{editor_.patch(), editor_.plan()};
  auto mistakes = take({loaded.patch, loaded.plan});
  if (!mistakes.empty()) return mistakes;
  lua_.keep();
  after_.clear();
  if (playing.patch.nodes.empty()) return {};
  before_.push_back(playing);
  if (before_.size() > kMostVersions) before_.pop_front();
  return {};
}

std::vector<Mistake> LivePatch::change_rate(double rate) {
  options_.rate = rate;
  lua_.set_rate(rate);
  editor_.restart();
  before_.clear();  // planned for the old rate
  after_.clear();
  return save();
}

bool LivePatch::undo() {
  if (before_.empty()) return false;
  Version playing{editor_.patch(), editor_.plan()};
  if (!take(before_.back()).empty()) return false;
  before_.pop_back();
  after_.push_back(std::move(playing));
  return true;
}

bool LivePatch::redo() {
  if (after_.empty()) return false;
  Version playing{editor_.patch(), editor_.plan()};
  if (!take(after_.back()).empty()) return false;
  after_.pop_back();
  before_.push_back(std::move(playing));
  return true;
}

}  // namespace perigee
