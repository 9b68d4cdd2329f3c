// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/second_look.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

namespace perigee {

namespace {

/// Programs and file systems write in blocks of so many bytes, or of a multiple.
constexpr std::size_t kBlock = 4096;
/// Versions of files that are remembered: more than can be undone.
constexpr std::size_t kMostKnown = 128;

std::size_t hash_of(const SourceFile& file) {
  return std::hash<std::string>()(file.path.string()) * 31 + std::hash<std::string>()(file.text);
}

/// What ends in "]]", with as many = in between as behind the [ that begins here; 0 if none begins.
std::size_t long_comment(std::string_view text) {
  if (!text.starts_with('[')) return 0;
  std::size_t level = 1;
  while (level < text.size() && text[level] == '=') ++level;
  if (level >= text.size() || text[level] != '[') return 0;
  const std::size_t end = text.find("]" + std::string(level - 1, '=') + "]");
  return end == std::string_view::npos ? text.size() : end + level + 1;
}

/// Why what is in a file may be the beginning of something longer; `before` plays.
std::string_view looks_cut(std::string_view now, std::string_view before) {
  if (now.size() >= before.size()) return {};
  if (before.starts_with(now) && !is_blank(before.substr(now.size())))
    return "is the beginning of what plays";
  if (now.size() < before.size() / 2) return "is less than half as long as what plays";
  if (before.ends_with('\n') && !now.ends_with('\n')) return "ends in the middle of a line";
  if (now.size() % kBlock == 0) return "is shorter than what plays, by whole blocks";
  return {};
}

}  // namespace

bool is_blank(std::string_view script) {
  constexpr std::string_view kBlanks{" \t\r\n\v\f\0", 7};
  if (script.starts_with("\xef\xbb\xbf")) script.remove_prefix(3);
  if (script.starts_with('#')) script.remove_prefix(std::min(script.find('\n'), script.size()));
  while (true) {
    script.remove_prefix(std::min(script.find_first_not_of(kBlanks), script.size()));
    if (!script.starts_with("--")) return script.empty();
    script.remove_prefix(2);
    const std::size_t size = long_comment(script);
    script.remove_prefix(size > 0 ? size : std::min(script.find('\n'), script.size()));
  }
}

bool SecondLook::is_known(const SourceFile& file) const {
  return std::ranges::find(known_, hash_of(file)) != known_.end();
}

std::optional<std::string> SecondLook::suspicion(const std::vector<SourceFile>& read,
                                                 bool has_outputs) const {
  bool all_known = true;
  for (const SourceFile& file : read) {
    const std::string name = file.path.string();
    const auto playing = playing_.find(name);
    if (file.changing) return name + " is being written";
    const bool known = is_known(file);
    all_known = all_known && known;
    if (playing == playing_.end()) continue;
    if (is_blank(file.text) && !is_blank(playing->second)) return name + " is empty";
    if (known) continue;
    if (const auto cut = looks_cut(file.text, playing->second); !cut.empty())
      return fmt::format("{} {}", name, cut);
  }
  if (!all_known && had_outputs_ && !has_outputs && !read.empty())
    return fmt::format("{} has no outputs", read.front().path.string());
  return std::nullopt;
}

std::optional<std::string> SecondLook::doubt(const std::vector<SourceFile>& read, bool has_outputs,
                                             Clock::time_point now) {
  auto why = suspicion(read, has_outputs);
  Texts texts;
  for (const SourceFile& file : read) texts[file.path.string()] = file.text;
  const Texts before = std::exchange(last_, std::move(texts));
  if (!why) {
    forget();
    return why;
  }
  const auto grew = [&](const auto& file) {
    const auto was = before.find(file.first);
    return was != before.end() && file.second.size() > was->second.size() &&
           file.second.starts_with(was->second);
  };
  if (!since_ || std::ranges::any_of(last_, grew)) since_ = now;
  if (now >= *since_ + kWait && last_ == before) {
    forget();
    return std::nullopt;
  }
  due_ = std::max(*since_ + kWait, now + kPause);
  return why;
}

void SecondLook::settle(std::vector<SourceFile> read, bool has_outputs) {
  forget();
  playing_.clear();
  had_outputs_ = has_outputs;
  for (SourceFile& file : read) {
    if (!is_known(file)) known_.push_back(hash_of(file));
    if (known_.size() > kMostKnown) known_.pop_front();
    playing_[file.path.string()] = std::move(file.text);
  }
}

bool SecondLook::is_due(Clock::time_point now) {
  if (!due_ || now < *due_) return false;
  due_.reset();
  return true;
}

}  // namespace perigee
