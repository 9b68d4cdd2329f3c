// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/journal.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "drivers/driver.h"
#include "engine/program.h"
#include "patch/record.h"

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
  return {.what = record.at(0).get<Message::What>(),
          .channel = record.at(1).get<std::uint8_t>(),
          .number = record.at(2).get<std::uint8_t>(),
          .key = record.at(3).get<float>(),
          .value = record.at(4).get<float>()};
}

Journal::Journal(const std::filesystem::path& file, double rate) : file_(file) {
  write({{"perigee log", kLogVersion}, {"rate", rate}});
  if (!flush()) throw SystemError(fmt::format("the log cannot be written: {}", file.string()));
}

Journal::~Journal() { flush(); }

void Journal::edited(const Editor& editor) {
  nodes_.know(editor.instances());
  json line = {{"edit", record_of(editor.patch())}};
  add_time(line, editor.seen());
  write(line);
}

void Journal::attended(const Editor& editor) {
  json line = {{"attend", 1}};
  add_time(line, editor.seen());
  write(line);
}

void Journal::sent(const Event& event) {
  if (event.target == nullptr) return write({{"era ends", event.time}});
  json what = event.tells ? json{nodes_.of(event.target), record_of(event.message)}
                          : json{nodes_.of(event.target), event.param, event.value, event.glide,
                                 event.curve == Curve::exponential};
  json line = {{"event", std::move(what)}, {"time", event.time}};
  if (event.era != 0) line["era"] = event.era;
  if (event.held) line["held"] = true;
  write(line);
}

void Journal::take(const Report& report) {
  switch (report.what) {
    case Report::What::began:
      return write({{"began", report.count}, {"at", report.time}});
    case Report::What::took:
      return write({{"took", report.count}, {"at", report.time}});
    case Report::What::let_go:
      return write({{"let go", report.era}, {"at", report.time}, {"offset", report.count}});
    case Report::What::broke_off:
      return write({{"broke off", report.era}, {"at", report.time}, {"offset", report.count}});
    case Report::What::heard:
      // What a clock does is told by the engine.
      if (report.message.is_of_clock()) return;
      return write({{"midi", report.at->name},
                    {"at", report.time},
                    {"offset", report.count},
                    {"message", record_of(report.message)}});
    default:
      return;
  }
}

void Journal::end(Frames now) {
  write({{"end", now}});
  ended_ = true;
}

void Journal::write(const json& line) {
  if (!ended_) file_ << line.dump() << '\n';
}

bool Journal::flush() { return static_cast<bool>(file_.flush()); }

}  // namespace perigee
