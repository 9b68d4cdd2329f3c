// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "drivers/jack_client.h"
#include "drivers/patchbay.h"

namespace perigee {

/// As a client sees it, which has to be active for wires of its own. The client must outlive this.
class JackPatchbay final : public Patchbay {
 public:
  explicit JackPatchbay(const JackClient& client) : client_(client) {}

  std::vector<Port> ports() const override;
  bool has(const std::string& port) const override;
  Connected connect(const PortWire& wire) override;
  bool disconnect(const PortWire& wire) override;

 private:
  const JackClient& client_;
};

}  // namespace perigee
