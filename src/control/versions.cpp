// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/versions.h"

#include <algorithm>
#include <utility>

#include "script/script.h"

namespace perigee {

namespace {

/// Where a port of the patch was asked for.
Place place_of_port(const Patch& patch, const std::string& port, const std::string& file) {
  for (const PatchNode& node : patch.nodes) {
    const bool is_port = node.spec->role == Role::input || node.spec->role == Role::output;
    const int name = is_port ? 0 : node.spec->says;
    if (name >= 0 && std::get<std::string>(node.fixed[static_cast<std::size_t>(name)]) == port)
      return node.where;
  }
  const auto midi = std::ranges::find(patch.midi, port, &MidiPort::name);
  return midi == patch.midi.end() ? Place{file, 0} : midi->where;
}

}  // namespace

Versions::Versions(Engine& engine, Driver& driver, std::string name)
    : driver_(driver),
      name_(std::move(name)),
      editor_(
          engine,
          [this](auto program, const auto& latencies) {
            program->number = ++published_;
            const auto leader = std::ranges::find_if(program->midi, &MidiBinding::leads);
            const std::string port = leader == program->midi.end() ? "" : leader->name;
            program->other_clock = std::exchange(leader_, port) != port;
            driver_.publish(std::move(program), latencies);
          },
          [this](Program& program) { driver_.prepare(program); },
          [this](const Program& program) { return driver_.readiness(program); }) {}

std::vector<Mistake> Versions::take(const Version& version) {
  const Version heard = editor_.heard();
  std::vector<Mistake> mistakes;
  try {
    const Diff changes = editor_.edit(version, mistakes);
    if (!mistakes.empty()) return mistakes;
    if (journal_ != nullptr) journal_->edited(editor_);
    summary_ = perigee::summary(changes);
    details_ = perigee::details(changes, heard->patch, version->patch);
  } catch (const NoRoom& full) {
    return {{place_of_port(version->patch, full.port, name_), full.what()}};
  } catch (const SystemError& full) {
    if (playing_ == nullptr) throw;
    return {{{name_, 0}, full.what()}};
  }
  playing_ = version;
  driver_.route(version->patch.routes);
  return {};
}

std::vector<Mistake> Versions::play(const Version& version) {
  const Version before = playing_;
  auto mistakes = take(version);
  if (!mistakes.empty()) return mistakes;
  after_.clear();
  if (before == nullptr) return {};
  before_.push_back(before);
  keep_newest(before_);
  return {};
}

bool Versions::go(std::deque<Version>& from, std::deque<Version>& to) {
  if (from.empty()) return false;
  const Version before = playing_;
  if (!take(from.back()).empty()) return false;
  from.pop_back();
  to.push_back(before);
  return true;
}

std::vector<Mistake> Versions::take_back() {
  if (!editor_.refused()) return {};
  std::vector<Mistake> mistakes{
      {place_of_port(playing_->patch, editor_.refused()->port, name_), editor_.refused()->what()}};
  const Version heard = editor_.heard();
  if (heard->patch.nodes.empty()) return mistakes;
  add_mistakes(mistakes, take(heard));
  for (auto* way : {&before_, &after_})
    if (const auto found = std::ranges::find(*way, heard); found != way->end()) {
      way->erase(found, way->end());
      break;
    }
  return mistakes;
}

bool Versions::attend() {
  const unsigned before = published_;
  const bool edits = editor_.attend();
  if (journal_ != nullptr && published_ != before) journal_->attended(editor_);
  return edits;
}

}  // namespace perigee
