// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/journal.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "control/destinations.h"
#include "drivers/driver.h"
#include "engine/program.h"
#include "patch/checked_json.h"
#include "patch/record.h"
#include "terminal/descriptors.h"
#include "text/json_text.h"

namespace perigee {

namespace {

using nlohmann::json;

void add_time(json& line, const Editor::Seen& seen) {
  line["now"] = seen.now;
  line["begun"] = seen.begun;
  if (seen.held) line["held"] = true;
}

}  // namespace

void NodeNumbers::know(std::span<const std::shared_ptr<Instance>> instances) {
  for (const auto& instance : instances) {
    if (instance == nullptr) continue;
    const auto known = numbers_.find(instance.get());
    if (known != numbers_.end() && nodes_[known->second].lock() == instance) continue;
    numbers_[instance.get()] = nodes_.size();  // another one was there before
    nodes_.push_back(instance);
  }
}

nlohmann::json record_of(const Message& message) {
  return {message.what, message.channel, message.number, message.key, message.value};
}

Message message_from(const nlohmann::json& record) {
  list_of(record, "a message", 5, 5);
  const auto what = static_cast<Message::What>(
      whole_number(record[0], "what a message says", 0, static_cast<int>(Message::What::locate)));
  const bool is_bend = what == Message::What::bend;
  const double most = what == Message::What::locate ? 16383 : what == Message::What::control ? 127 : 1;
  return {.what = what,
          .channel = static_cast<std::uint8_t>(whole_number(record[1], "channel of a message", 0, 15)),
          .number = static_cast<std::uint8_t>(whole_number(record[2], "number of a message", 0, 127)),
          .key = static_cast<float>(real_number(record[3], "key of a message", 0, 127)),
          .value = static_cast<float>(real_number(record[4], "value of a message", is_bend ? -1 : 0, most))};
}

Journal::Journal(const std::filesystem::path& file, double rate, Old old, float limit)
    : name_(file), old_(old) {
  std::error_code ignored;
  const auto there = std::filesystem::symlink_status(file, ignored);
  if (old == Old::keep && std::filesystem::exists(there) &&
      !std::filesystem::is_character_file(file, ignored))
    throw Occupied(
        fmt::format("{}: it is there already, and a take is not written over: give another name, or --force",
                    file.string()));
  try {
    file_ = std::make_unique<files::Replacement>(file);
  } catch (const std::runtime_error& error) {
    throw SystemError(fmt::format("the log cannot be written: {}", error.what()));
  }
  json line = {{"perigee log", kLogVersion}, {"rate", rate}};
  if (limit < std::numeric_limits<float>::max()) line["guard"] = limit;
  write(line, 0);
  if (!flush()) throw SystemError(fmt::format("the log cannot be written: {}", file.string()));
}

Journal::~Journal() {
  if (placed_) flush();
}

void Journal::keep_off(const Patch& patch, const std::vector<std::filesystem::path>& scripts) const {
  Destinations destinations;
  destinations.read(scripts, "a script of the patch");
  destinations.read(patch);
  destinations.write(name_);
}

void Journal::edited(const Editor& editor) {
  nodes_.know(editor.instances());
  json line = {{"edit", record_of(editor.patch())}};
  add_time(line, editor.seen());
  write(line, editor.seen().now);
  has_edit_ = true;
}

void Journal::attended(const Editor& editor) {
  json line = {{"attend", 1}};
  add_time(line, editor.seen());
  write(line, editor.seen().now);
}

void Journal::sent(const Event& event) {
  if (event.target == nullptr) return write({{"era ends", event.time}}, 0);
  json what = event.tells ? json{nodes_.of(event.target), record_of(event.message)}
                          : json{nodes_.of(event.target), event.param, event.value, event.glide,
                                 event.curve == Curve::exponential};
  json line = {{"event", std::move(what)}, {"time", event.time}};
  if (event.era != 0) line["era"] = event.era;
  if (event.held) line["held"] = true;
  write(line, 0);
}

void Journal::take(const Report& report) {
  const Frames after = report.time + 1;
  switch (report.what) {
    case Report::What::began:
      return write({{"began", report.count}, {"at", report.time}}, after);
    case Report::What::took:
      return write({{"took", report.count}, {"at", report.time}}, after);
    case Report::What::let_go:
      return write({{"let go", report.era}, {"at", report.time}, {"offset", report.count}}, after);
    case Report::What::broke_off:
      return write({{"broke off", report.era}, {"at", report.time}, {"offset", report.count}}, after);
    case Report::What::heard:
      // What a clock does is told by the engine.
      if (report.message.is_of_clock()) return;
      return write({{"midi", report.at->name},
                    {"at", report.time},
                    {"offset", report.count},
                    {"message", record_of(report.message)}},
                   after);
    default:
      return;
  }
}

void Journal::end(Frames now) {
  write({{"end", now}}, now);
  flush();
  ended_ = true;
}

void Journal::write(const json& line, Frames reached) {
  if (ended_) return;
  lines_ += exact_text(line) + '\n';
  reached_ = std::max(reached_, reached);
}

bool Journal::flush() {
  if (!trouble_.empty()) return false;
  if (ended_) return true;
  struct stat status = {};
  const bool gone =
      placed_ && !file_->is_device() && fstat(file_->descriptor(), &status) == 0 && status.st_nlink == 0;
  if (gone) give_up("the file is gone");
  if (gone) return false;
  const int error = console::write_all(file_->descriptor(), lines_);
  if (error != 0) {
    give_up(std::generic_category().message(error));
    return false;
  }
  size_ += static_cast<std::int64_t>(lines_.size());
  complete_until_ = reached_;
  lines_.clear();
  return placed_ || !has_edit_ || take_place();
}

bool Journal::take_place() {
  try {
    placed_ = true;
    if (old_ == Old::replace)
      file_->take_place();
    else if (!file_->take_free_place())
      give_up("another file has taken its name");
  } catch (const std::runtime_error& error) {
    give_up(error.what());
  }
  return trouble_.empty();
}

/// As far as all is known of it. There may be room for its end in place of what is cut off.
void Journal::give_up(const std::string& why) {
  ended_ = true;
  trouble_ = why;
  lines_.clear();
  if (file_->is_device() || ftruncate(file_->descriptor(), size_) != 0) return;
  lseek(file_->descriptor(), size_, SEEK_SET);
  const std::string end = exact_text({{"end", complete_until_}}) + '\n';
  if (console::write_all(file_->descriptor(), end) == 0) return;
  [[maybe_unused]] const int cut = ftruncate(file_->descriptor(), size_);
}

}  // namespace perigee
