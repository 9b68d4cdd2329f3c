// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/performance_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "control/journal.h"
#include "control/port_files.h"
#include "files/line_reader.h"
#include "node/registry.h"
#include "patch/checked_json.h"
#include "patch/integrity.h"
#include "patch/record.h"
#include "plan/plan.h"
#include "text/json_text.h"

namespace perigee {

namespace {

using nlohmann::json;

constexpr std::uint64_t kLargestLog = std::uint64_t{1} << 30U;  // bytes
constexpr std::size_t kLongestLine = std::size_t{32} << 20U;    // bytes: a patch of some 200,000 nodes
constexpr double kLowestRate = 1000, kHighestRate = 768000;     // Hz, as of all commands
constexpr double kLongestLog = 1e6;                             // seconds, as of a rendering

constexpr std::int64_t kMostCounted = std::numeric_limits<std::int32_t>::max();  // eras and the like

class LogLines {
 public:
  LogLines(PerformanceLog& log, Bytes memory) : log_(log), memory_(memory) {}

  /// Throws std::runtime_error.
  void read(const std::string& text, int number) {
    line_ = number;
    const json line = with_exact_texts(parse_json(text));
    if (!line.is_object()) throw std::runtime_error(fmt::format("{} is no object", shown(line)));
    if (number == 1) return read_header(line);
    if (ended_) throw std::runtime_error("the log ends in the line before");
    for (const Kind& kind : kKinds)
      if (line.contains(kind.name)) return read_kind(line, kind);
    throw std::runtime_error(line.empty() ? "it tells nothing"
                                          : fmt::format("{} is nothing that a log of version {} tells",
                                                        shown(line.begin().key()), kLogVersion));
  }

  bool ended() const { return ended_; }

 private:
  /// What a line is about, and what else is in it.
  struct Kind {
    const char* name;
    void (LogLines::*read)(const json& line);
    std::vector<std::string_view> with;
  };
  static const std::vector<Kind> kKinds;

  void read_header(const json& line) {
    const auto version = whole_number(member_of(line, "perigee log"), "perigee log", 1, INT_MAX);
    if (version > kLogVersion) throw std::runtime_error("another version's");
    log_.rate = real_number(member_of(line, "rate"), "rate", kLowestRate, kHighestRate);
    most_ = static_cast<Frames>(kLongestLog * log_.rate);
    if (line.contains("guard"))
      log_.limit =
          static_cast<float>(real_number(line["guard"], "guard", 0, std::numeric_limits<float>::max()));
  }

  void read_kind(const json& line, const Kind& kind) {
    for (const auto& [key, value] : line.items())
      if (key != kind.name && std::ranges::count(kind.with, key) == 0)
        throw std::runtime_error(fmt::format("{} does not belong to {}", shown(key), kind.name));
    (this->*kind.read)(line);
  }

  void read_edit(const json& line) {
    const bool is_edit = line.contains("edit");
    const Frames now = frame(line, "now");
    PerformanceLog::Edit edit{line_, {now, frame(line, "begun", -1)}, {}};
    if (line.contains("held")) edit.seen.held = yes_or_no(line["held"], "held");
    if (edit.seen.begun > now) throw std::runtime_error("it begun after now");
    in_order(log_.edits, now, [](const auto& one) { return one.seen.now; });
    if (is_edit) edit.patch = patch_at(line["edit"]);
    log_.edits.push_back(std::move(edit));
    log_.end = std::max(log_.end, now);
  }

  /// Checked as that of a script is.
  Patch patch_at(const json& record) const {
    Patch patch = patch_of(record, all_kinds());
    std::vector<Mistake> mistakes = loose_ends(patch);
    if (mistakes.empty()) compile(patch, log_.rate, mistakes, kBankLanes, {}, memory_);
    if (!mistakes.empty()) throw std::runtime_error(to_string(mistakes.front()));
    return patch;
  }

  void read_began(const json& line) { add_count(log_.begun, line, "began"); }
  void read_took(const json& line) { add_count(log_.taken, line, "took"); }
  void add_count(std::deque<PerformanceLog::Count>& counts, const json& line, const char* name) {
    const Frames at = frame(line, "at");
    in_order(counts, at, [](const auto& one) { return one.at; });
    counts.push_back({line_, at, static_cast<unsigned>(whole_number(line[name], name, 0, kMostCounted))});
    log_.end = std::max(log_.end, at + 1);
  }

  void read_event(const json& line) {
    const json& what = list_of(line["event"], "event", 2, 5);
    const auto node = static_cast<std::uint64_t>(whole_number(what[0], "node of an event", 0, most_));
    Event event{.time = frame(line, "time", -most_)};
    if (line.contains("era")) event.era = era(line, "era");
    if (line.contains("held")) event.held = yes_or_no(line["held"], "held");
    if (what.size() == 2) {
      event.tells = true;
      event.message = message_from(what[1]);
    } else {
      list_of(what, "event", 5, 5);
      constexpr double kFarthest = std::numeric_limits<float>::max();
      event.param = static_cast<unsigned>(whole_number(what[1], "parameter of an event", 0, INT_MAX));
      event.value = static_cast<float>(real_number(what[2], "value of an event", -kFarthest, kFarthest));
      event.glide = whole_number(what[3], "glide of an event", 0, most_);
      event.curve = yes_or_no(what[4], "curve of an event") ? Curve::exponential : Curve::linear;
    }
    log_.sent.push_back({line_, node, event});
  }

  void read_era_end(const json& line) {
    // All of it may be void, from the first frame that there is on.
    constexpr Frames kAlways = std::numeric_limits<Frames>::min();
    const json& from = line["era ends"];
    const bool is_all = from.is_number_integer() && from == kAlways;
    log_.sent.push_back({line_, {}, {.time = is_all ? kAlways : frame(line, "era ends", -most_)}});
  }

  void read_start(const json& line) { add_clock(line, "let go", true); }
  void read_stop(const json& line) { add_clock(line, "broke off", false); }
  void add_clock(const json& line, const char* name, bool starts) {
    const auto [period, offset] = within(line);
    in_order(log_.clock, period, [](const auto& one) { return one.period; });
    log_.clock.push_back({line_, period, offset, era(line, name), starts});
  }

  void read_heard(const json& line) {
    const auto [period, offset] = within(line);
    in_order(log_.heard, period, [](const auto& one) { return one.period; });
    log_.heard.push_back(
        {line_, period, offset, text_of(line["midi"], "midi"), message_from(member_of(line, "message"))});
  }

  void read_end(const json& line) {
    const Frames end = frame(line, "end");
    if (end < log_.end - kLongestPeriod)
      throw std::runtime_error(
          fmt::format("end: {} is before frame {}, of which the log tells", end, log_.end - 1));
    log_.end = end;
    ended_ = true;
  }

  /// The period in which something was, and where.
  std::pair<Frames, int> within(const json& line) {
    const Frames at = frame(line, "at");
    const auto offset = static_cast<int>(
        whole_number(member_of(line, "offset"), "offset", 0, std::min<Frames>(at, kLongestPeriod - 1)));
    log_.end = std::max(log_.end, at + 1);
    return {at - offset, offset};
  }

  Frames frame(const json& line, const char* name, Frames least = 0) const {
    return whole_number(member_of(line, name), name, least, most_);
  }
  static std::uint32_t era(const json& line, const char* name) {
    return static_cast<std::uint32_t>(whole_number(member_of(line, name), name, 0, kMostCounted));
  }
  template <typename Items, typename FrameOf>
  static void in_order(const Items& items, Frames frame, const FrameOf& frame_of) {
    if (!items.empty() && frame < frame_of(items.back()))
      throw std::runtime_error(fmt::format("frame {} is before frame {}, of which line {} tells", frame,
                                           frame_of(items.back()), items.back().line));
  }

  PerformanceLog& log_;
  Bytes memory_;
  int line_ = 0;
  Frames most_ = 0;
  bool ended_ = false;
};

const std::vector<LogLines::Kind> LogLines::kKinds = {
    {"edit", &LogLines::read_edit, {"now", "begun", "held"}},
    {"attend", &LogLines::read_edit, {"now", "begun", "held"}},
    {"began", &LogLines::read_began, {"at"}},
    {"took", &LogLines::read_took, {"at"}},
    {"event", &LogLines::read_event, {"time", "era", "held"}},
    {"era ends", &LogLines::read_era_end, {}},
    {"let go", &LogLines::read_start, {"at", "offset"}},
    {"broke off", &LogLines::read_stop, {"at", "offset"}},
    {"midi", &LogLines::read_heard, {"at", "offset", "message"}},
    {"end", &LogLines::read_end, {}},
};

void read_lines(PerformanceLog& log, Bytes memory) {
  files::LineReader file(log.file, kLargestLog, kLongestLine);
  LogLines lines(log, memory);
  bool cut = false;
  for (std::string text; !cut && file.next(text);) {
    try {
      lines.read(text, file.number());
    } catch (const std::exception& error) {
      cut = !file.complete() && file.number() > 1;  // while it was written
      if (!cut)
        throw Misfit(fmt::format("{}:{}: this is no line of a log: {}", log.file.string(), file.number(),
                                 error.what()));
    }
  }
  if (log.rate == 0 || log.edits.empty() || log.begun.empty())
    throw Misfit(fmt::format("{}: nothing was played", log.file.string()));
  if (!lines.ended())
    log.remark =
        fmt::format("{}:{}: the log breaks off here, at frame {}, {:.3f} s: it is played as far as that",
                    log.file.string(), file.number(), log.end, static_cast<double>(log.end) / log.rate);
}

}  // namespace

PerformanceLog read_log(const std::filesystem::path& file, Bytes memory) {
  PerformanceLog log{.file = file};
  try {
    read_lines(log, memory);
  } catch (const files::Missing&) {
    throw Misfit(fmt::format("{}: there is no such log", file.string()));
  } catch (const files::Unreadable& reason) {
    throw Misfit(fmt::format("{}: {}", file.string(), reason.what()));
  }
  return log;
}

}  // namespace perigee
