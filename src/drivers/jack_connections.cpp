// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "drivers/jack_connections.h"

#include <fnmatch.h>

#include <algorithm>
#include <memory>

namespace perigee {

namespace {

/// The ports of others that match, in the server's order.
std::vector<std::string> peers_of(jack_client_t* client, const Wish& wish) {
  const unsigned long direction = wish.is_input ? JackPortIsOutput : JackPortIsInput;
  const std::unique_ptr<const char*[], void (*)(const char**)> names(
      jack_get_ports(client, nullptr, JACK_DEFAULT_AUDIO_TYPE, direction),
      [](const char** list) { jack_free(list); });
  std::vector<std::string> found;
  if (names == nullptr) return found;
  for (const char* const* name = names.get(); *name != nullptr; ++name) {
    if (fnmatch(wish.pattern.c_str(), *name, 0) != 0) continue;
    if (jack_port_is_mine(client, jack_port_by_name(client, *name)) == 0) found.emplace_back(*name);
  }
  return found;
}

bool there(jack_client_t* client, const std::string& port) {
  return jack_port_by_name(client, port.c_str()) != nullptr;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> pairs(const std::vector<std::string>& ours,
                                                       const std::vector<std::string>& peers) {
  std::vector<std::pair<std::string, std::string>> result;
  if (ours.size() == 1) {
    for (const auto& peer : peers) result.emplace_back(ours.front(), peer);
  } else {
    for (std::size_t i = 0; i < std::min(ours.size(), peers.size()); ++i)
      result.emplace_back(ours[i], peers[i]);
  }
  return result;
}

void JackConnections::forget(const std::string& port) {
  std::erase_if(made_, [&](const auto& pair) { return pair.first == port || pair.second == port; });
}

void JackConnections::renew(jack_client_t* client) {
  std::set<std::pair<std::string, std::string>> wanted;
  for (const Wish& wish : wishes_) {
    for (auto& [ours, peer] : pairs(wish.ours, peers_of(client, wish))) {
      if (wish.is_input) std::swap(ours, peer);
      wanted.emplace(std::move(ours), std::move(peer));
    }
  }
  for (const auto& [from, to] : made_)
    if (!wanted.contains({from, to}) && there(client, from) && there(client, to))
      jack_disconnect(client, from.c_str(), to.c_str());
  std::erase_if(made_, [&](const auto& pair) { return !wanted.contains(pair); });
  for (const auto& pair : wanted) {
    if (made_.contains(pair)) continue;
    const int result = jack_connect(client, pair.first.c_str(), pair.second.c_str());
    if (result == 0 || result == EEXIST) made_.insert(pair);
  }
}

}  // namespace perigee
