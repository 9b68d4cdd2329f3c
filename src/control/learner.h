// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Waits for a controller to be turned, for a param that is to learn it. Pure.

#pragma once

#include <array>
#include <optional>
#include <string>

#include "node/message.h"
#include "patch/learned.h"

namespace perigee {

class Learner {
 public:
  void begin(std::string param);
  void end() { param_.clear(); }
  bool waits() const { return !param_.empty(); }
  const std::string& param() const { return param_; }

  /// What came at a port: the controller that was turned, if that is what it was. One that means something to
  /// all others, from 120 on, is none; of an NRPN it is the value that tells.
  std::optional<Controller> hear(const std::string& port, const Message& message);

 private:
  /// What a channel of a port has named for the values that follow.
  struct Named {
    std::string port;
    unsigned coarse = 0, fine = 0;
    bool is_nrpn = false, is_rpn = false;
  };

  std::string param_;
  std::array<Named, 16> named_;
};

}  // namespace perigee
