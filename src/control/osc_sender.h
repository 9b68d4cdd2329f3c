// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Messages of OSC to other programs, by UDP. Control thread only.

#pragma once

#include <string>

#include "script/action.h"

namespace perigee {

class OscSender {
 public:
  OscSender() = default;
  ~OscSender();
  OscSender(const OscSender&) = delete;
  OscSender& operator=(const OscSender&) = delete;

  /// Never waits: an address is numbers, or localhost. Returns why it cannot be sent, or nothing; nobody
  /// tells whether it arrives.
  std::string send(const OscSending& sending);

 private:
  int fd4_ = -1, fd6_ = -1;
};

}  // namespace perigee
