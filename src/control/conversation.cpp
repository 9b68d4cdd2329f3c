// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/conversation.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>

#include "control/listener.h"
#include "control/socket_path.h"
#include "drivers/driver.h"
#include "patch/patch.h"
#include "text/json_text.h"

namespace perigee {

namespace {

using nlohmann::json;

/// Names of the sockets in a folder.
std::vector<std::string> others(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    if (entry.path().extension() == ".sock") names.push_back(entry.path().stem().string());
  std::ranges::sort(names);
  return names;
}

[[noreturn]] void nobody(const std::string& name, const std::filesystem::path& path) {
  const auto names = others(path.parent_path());
  throw SystemError(fmt::format(
      "no patch runs as \"{}\": start one with perigee run PATCH -n {}{}", name, name,
      names.empty() ? "" : fmt::format(", or talk to another with -n: there is {}", fmt::join(names, ", "))));
}

}  // namespace

Conversation::Conversation(const std::string& name) : name_(name) {
  const auto path = socket_path(name);
  std::error_code error;
  if (!std::filesystem::exists(path.parent_path(), error)) nobody(name, path);
  check_socket_folder(path.parent_path());
  fd_ = connect_to(path);
  if (fd_ < 0 && (errno == ENOENT || errno == ECONNREFUSED)) nobody(name, path);
  if (fd_ < 0)
    throw SystemError(fmt::format("{}: {}", path.string(), std::generic_category().message(errno)));
}

Conversation::~Conversation() { close(fd_); }

std::string Conversation::next_line() {
  std::size_t end = 0;
  while ((end = in_.find('\n')) == std::string::npos) {
    std::array<char, 65536> part;
    const ssize_t got = read(fd_, part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) throw SystemError(fmt::format("\"{}\" does not answer any more", name_));
    in_.append(part.data(), static_cast<std::size_t>(got));
  }
  std::string line = in_.substr(0, end);
  in_.erase(0, end + 1);
  return line;
}

json Conversation::ask(json request, const Print& print) {
  request["id"] = ++last_id_;
  const std::string line = json_text(request) + "\n";
  for (std::size_t at = 0; at < line.size();) {
    const ssize_t sent = send(fd_, line.data() + at, line.size() - at, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) break;  // it is turned away: the answer tells why
    at += static_cast<std::size_t>(sent);
  }
  while (true) {
    json answer = json::parse(next_line(), nullptr, false);
    if (!answer.is_object()) continue;
    if (!answer.contains("print")) return answer;
    if (print && answer["print"].is_string()) print(answer["print"].get<std::string>());
  }
}

std::vector<std::string> mistakes_of(const json& answer) {
  std::vector<std::string> texts;
  for (const json& one : answer.value("mistakes", json::array()))
    texts.push_back(to_string(
        {{one.value("file", std::string()), one.value("line", 0)}, one.value("text", std::string())}));
  return texts;
}

}  // namespace perigee
