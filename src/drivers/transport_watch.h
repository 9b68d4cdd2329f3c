// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Looks at the transport once a period, and finds what is news: what does not follow from before. Pure;
// nothing is allocated.

#pragma once

#include "drivers/transport.h"

namespace perigee {

class TransportWatch {
 public:
  /// The transport at the start of a period, at a rate in Hz. True: that is news, to be told, and `now` says
  /// whether it jumped.
  bool look(TransportPosition& now, double rate) noexcept;
  /// What was news has been told.
  void told(const TransportPosition& now) noexcept;
  /// Everything is news again.
  void forget() noexcept { known_ = false; }

 private:
  bool known_ = false;
  bool jumped_ = false;     ///< since something was told
  Frames next_ = 0;         ///< the transport's frame, if it goes on as it does
  TransportPosition last_;  ///< told
};

}  // namespace perigee
