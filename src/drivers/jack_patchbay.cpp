// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "drivers/jack_patchbay.h"

#include <cerrno>
#include <memory>

namespace perigee {

void JackPatchbay::look() {
  if (!client_.speaks()) return;
  Ports found;
  const std::string ours = client_.name + ":";
  for (const bool is_midi : {false, true}) {
    for (const bool is_output : {false, true}) {
      const std::unique_ptr<const char*[], void (*)(const char**)> names(
          jack_get_ports(client_.handle, nullptr, is_midi ? JACK_DEFAULT_MIDI_TYPE : JACK_DEFAULT_AUDIO_TYPE,
                         is_output ? JackPortIsOutput : JackPortIsInput),
          [](const char** list) { jack_free(list); });
      for (const char* const* name = names.get(); name != nullptr && *name != nullptr; ++name)
        found.push_back({.name = *name, .is_output = is_output, .is_midi = is_midi});
    }
  }
  names_.clear();
  for (Port& port : found) {
    port.is_ours = port.name.starts_with(ours);
    names_.insert(port.name);
  }
  thread_.moved();
  const std::scoped_lock lock(mutex_);
  seen_ = std::make_shared<const Ports>(std::move(found));
}

std::shared_ptr<const JackPatchbay::Ports> JackPatchbay::seen() const {
  const std::scoped_lock lock(mutex_);
  return seen_;
}

Patchbay::Connected JackPatchbay::connect(const PortWire& wire) {
  if (!client_.speaks()) return Connected::not_at_all;
  const int answer = jack_connect(client_.handle, wire.first.c_str(), wire.second.c_str());
  client_.has_changed();
  thread_.moved();
  switch (answer) {
    case 0:
      return Connected::now;
    case EEXIST:
      return Connected::before;
    default:
      return Connected::not_at_all;
  }
}

bool JackPatchbay::disconnect(const PortWire& wire) {
  const auto& [from, to] = wire;
  if (!client_.speaks() || !has(from) || !has(to)) return false;
  const int answer = jack_disconnect(client_.handle, from.c_str(), to.c_str());
  client_.has_changed();
  thread_.moved();
  return answer == 0;
}

}  // namespace perigee
