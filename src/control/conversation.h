// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The other end of the socket: asks a running patch, and waits for its answers.

#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace perigee {

class Conversation {
 public:
  /// With the patch that runs under this name. Throws SystemError when there is none.
  explicit Conversation(const std::string& name);
  ~Conversation();
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  using Print = std::function<void(const std::string&)>;
  /// Sends a request, without its id, and returns the last answer; what is printed before goes to `print`.
  /// Throws SystemError when the patch ends.
  nlohmann::json ask(nlohmann::json request, const Print& print = {});

 private:
  std::string next_line();

  std::string name_;
  int fd_;
  std::string in_;
  int last_id_ = 0;
};

/// The mistakes of an answer, as they are told: file:line: text.
std::vector<std::string> mistakes_of(const nlohmann::json& answer);

}  // namespace perigee
