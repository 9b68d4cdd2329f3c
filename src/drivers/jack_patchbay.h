// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <memory>
#include <mutex>
#include <set>

#include "drivers/jack_client.h"
#include "drivers/jack_thread.h"
#include "drivers/patchbay.h"

namespace perigee {

/// As a client sees it, which has to be active for wires of its own, and as they were when they were looked
/// at last. JACK thread.
class JackPatchbay final : public Patchbay {
 public:
  using Ports = std::vector<Port>;

  JackPatchbay(JackClient& client, JackThread& thread) : client_(client), thread_(thread) {}

  /// Looks at the server's ports.
  void look();
  /// What there was to see. Any thread.
  std::shared_ptr<const Ports> seen() const;

  std::vector<Port> ports() const override { return *seen(); }
  bool has(const std::string& port) const override { return names_.contains(port); }
  Connected connect(const PortWire& wire) override;
  bool disconnect(const PortWire& wire) override;
  const std::set<std::string>& names() const { return names_; }

 private:
  JackClient& client_;
  JackThread& thread_;
  std::set<std::string> names_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Ports> seen_ = std::make_shared<Ports>();
};

}  // namespace perigee
