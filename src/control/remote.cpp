// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/remote.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "text/json_text.h"

namespace perigee {

namespace {

using nlohmann::json;

/// Bytes that one request may print; more is counted.
constexpr std::size_t kMostPrinted = std::size_t{1} << 20U;

json list(const std::vector<Mistake>& mistakes) {
  json all = json::array();
  for (const Mistake& mistake : mistakes) {
    json one = {{"text", mistake.text}};
    if (!mistake.where.file.empty()) one["file"] = mistake.where.file;
    if (mistake.where.line > 0) one["line"] = mistake.where.line;
    all.push_back(std::move(one));
  }
  return all;
}

json refusal(const json& id, const std::string& why) {
  return {{"id", id}, {"ok", false}, {"mistakes", list({{{}, why}})}};
}

json answer_of(const json& id, const LivePatch::Sent& sent) {
  json answer = {{"id", id}, {"ok", sent.mistakes.empty()}};
  if (!sent.mistakes.empty()) answer["mistakes"] = list(sent.mistakes);
  if (sent.incomplete) answer["incomplete"] = true;
  if (sent.value) answer["value"] = *sent.value;
  if (!sent.summary.empty()) answer["summary"] = sent.summary;
  return answer;
}

/// Who is turned away hears why, if that fits into what the system keeps for a socket.
void turn_away(int fd) {
  const std::string line =
      json_text(refusal({}, fmt::format("{} clients are here already", Remote::kMostClients))) + "\n";
  [[maybe_unused]] const auto sent = ::send(fd, line.data(), line.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  close(fd);
}

}  // namespace

Remote::Remote(Loop& loop, Turns& turns, LivePatch& patch, const Listener& listener, Calls calls)
    : loop_(loop), turns_(turns), patch_(patch), listener_(listener), calls_(std::move(calls)) {
  knocked_ = loop_.when_readable(listener_.fd(), [this] { admit(); });
}

void Remote::admit() {
  const int fd = listener_.accept();
  if (fd < 0 && (errno == EMFILE || errno == ENFILE)) {
    // They wait until a file is free; to be told so over and over would take all the time there is.
    knocked_ = loop_.at(Loop::Clock::now() + std::chrono::seconds(1),
                        [this] { knocked_ = loop_.when_readable(listener_.fd(), [this] { admit(); }); });
  }
  if (fd < 0) return;
  if (clients_.size() >= kMostClients) return turn_away(fd);
  const Number number = next_++;
  clients_.emplace(
      number,
      std::make_unique<Client>(
          loop_, fd,
          Client::Calls{.line = [this, number](const std::string& line) { take(number, line); },
                        .too_long = [this, number] { send(number, refusal({}, "a line has at most 1 MiB")); },
                        .gone = [this, number] { clients_.erase(number); }}));
}

void Remote::send(Number to, const json& answer) {
  const auto client = clients_.find(to);
  if (client != clients_.end()) client->second->send(json_text(answer));
}

void Remote::finish(Number to, const json& answer) {
  send(to, answer);
  const auto client = clients_.find(to);
  if (client != clients_.end()) client->second->done();
}

void Remote::take(Number from, const std::string& line) {
  try {
    const Request request = read_request(line);
    switch (request.kind) {
      case Request::Kind::run:
        return run(from, request);
      case Request::Kind::complete:
        return complete(from, request);
      case Request::Kind::undo:
      case Request::Kind::redo:
        return go(from, request);
      case Request::Kind::top:
        // It needs no turn: what takes long is to be seen, too.
        return finish(from, {{"id", request.id}, {"ok", true}, {"top", calls_.top()}});
    }
  } catch (const BadRequest& bad) {
    finish(from, refusal(bad.id, bad.what()));
  }
}

void Remote::run(Number from, const Request& request) {
  const auto printed = std::make_shared<std::size_t>(0), left_out = std::make_shared<std::size_t>(0);
  const auto print = [this, from, id = request.id, printed, left_out](std::string_view line) {
    *printed += line.size() + 1;
    if (*printed <= kMostPrinted)
      send(from, {{"id", id}, {"print", line}});
    else
      ++*left_out;
  };
  const Code code{.text = request.text, .file = request.file, .line = request.line, .print = print};
  const auto start = [this, code](std::function<void()> wake) { patch_.start_run(code, std::move(wake)); };
  const auto attend = [this, from, id = request.id, left_out]() -> std::optional<Loop::Clock::time_point> {
    const auto sent = patch_.attend_run();
    if (!sent) return patch_.due();
    if (*left_out > 0) send(from, {{"id", id}, {"print", fmt::format("… and {} more lines", *left_out)}});
    if (!sent->summary.empty()) calls_.changed(sent->summary);
    finish(from, answer_of(id, *sent));
    return std::nullopt;
  };
  turns_.add({.start = start, .attend = attend});
}

void Remote::go(Number from, const Request& request) {
  const bool back = request.kind == Request::Kind::undo;
  turns_.add([this, from, back, id = request.id] {
    if (!(back ? patch_.undo() : patch_.redo()))
      return finish(from, refusal(id, back ? "there is nothing to undo" : "there is nothing to redo"));
    calls_.changed(patch_.summary());
    finish(from, {{"id", id}, {"ok", true}, {"summary", patch_.summary()}});
  });
}

void Remote::complete(Number from, const Request& request) {
  turns_.add([this, from, request] {
    finish(from, {{"id", request.id}, {"ok", true}, {"words", patch_.completions(request.text)}});
  });
}

}  // namespace perigee
