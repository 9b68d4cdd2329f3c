// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lets clients talk to the patch that plays: requests come in by lines of JSON, and each is answered to
// whoever sent it. perigee-remote(7) describes them. Control thread.

#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "control/client.h"
#include "control/listener.h"
#include "control/live_patch.h"
#include "control/request.h"
#include "control/turns.h"

namespace perigee {

class Remote {
 public:
  static constexpr std::size_t kMostClients = 64;

  struct Calls {
    /// Is told, with its summary, of each change of the patch that a client made.
    std::function<void(const std::string&)> changed;
    /// What the patch costs and shows, since the last call.
    std::function<nlohmann::json()> top;
  };
  Remote(Loop& loop, Turns& turns, LivePatch& patch, const Listener& listener, Calls calls);
  Remote(const Remote&) = delete;
  Remote& operator=(const Remote&) = delete;

 private:
  using Number = unsigned long;

  void admit();
  void take(Number from, const std::string& line);
  void run(Number from, const Request& request);
  void go(Number from, const Request& request);
  void complete(Number from, const Request& request);
  void send(Number to, const nlohmann::json& answer);
  /// The last answer of a request.
  void finish(Number to, const nlohmann::json& answer);

  Loop& loop_;
  Turns& turns_;
  LivePatch& patch_;
  const Listener& listener_;
  Calls calls_;
  std::map<Number, std::unique_ptr<Client>> clients_;
  Number next_ = 0;
  Loop::Hook knocked_;
};

}  // namespace perigee
