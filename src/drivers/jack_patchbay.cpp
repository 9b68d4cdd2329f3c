// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "drivers/jack_patchbay.h"

#include <cerrno>
#include <memory>

namespace perigee {

std::vector<Patchbay::Port> JackPatchbay::ports() const {
  std::vector<Port> found;
  const std::string ours = client_.name() + ":";
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
  for (Port& port : found) port.is_ours = port.name.starts_with(ours);
  return found;
}

bool JackPatchbay::has(const std::string& port) const {
  return jack_port_by_name(client_.handle, port.c_str()) != nullptr;
}

Patchbay::Connected JackPatchbay::connect(const PortWire& wire) {
  switch (jack_connect(client_.handle, wire.first.c_str(), wire.second.c_str())) {
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
  return has(from) && has(to) && jack_disconnect(client_.handle, from.c_str(), to.c_str()) == 0;
}

}  // namespace perigee
