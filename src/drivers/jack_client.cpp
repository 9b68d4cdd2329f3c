// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "drivers/jack_client.h"

#include <fmt/format.h>

#include <cstdlib>

#include "drivers/driver.h"
#include "terminal/console.h"

namespace perigee {

namespace {

std::string why_not(jack_status_t status) {
  if ((status & JackVersionError) != 0) return "the JACK server speaks another version of the protocol";
  if ((status & (JackServerFailed | JackNoSuchClient)) == 0 && (status & JackServerError) == 0)
    return fmt::format("the JACK server takes no client (status {:#x})", static_cast<unsigned>(status));
  const char* server = std::getenv("JACK_DEFAULT_SERVER");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  const std::string which = server == nullptr ? "" : fmt::format(" named {}", server);
  return fmt::format(
      "there is no JACK server{}: start one, for example with \"jackd -d alsa\", or use --driver dummy; "
      "under PipeWire run \"pw-jack perigee run …\"",
      which);
}

}  // namespace

JackClient::JackClient(const std::string& wanted_name) {
  if (wanted_name.empty() || static_cast<int>(wanted_name.size()) >= jack_client_name_size())
    throw SystemError(fmt::format("\"{}\" cannot be the name of a JACK client: it has 1 to {} bytes",
                                  wanted_name, jack_client_name_size() - 1));
  // The library's own complaints would only repeat ours.
  const auto quiet = [](const char*) {};
  jack_set_error_function(quiet);
  jack_set_info_function(quiet);
  jack_status_t status{};
  handle = jack_client_open(wanted_name.c_str(), JackNoStartServer, &status);
  // What it has to say later must hold up nobody. A thread of its own says it.
  jack_set_error_function([](const char* text) { console::complain("JACK: {}\n", text); });
  jack_set_info_function([](const char* text) { console::print("JACK: {}\n", text); });
  if (handle == nullptr) throw SystemError(why_not(status));
  name = jack_get_client_name(handle);
}

JackClient::~JackClient() { close(); }

void JackClient::close() {
  if (handle != nullptr) jack_client_close(handle);
  handle = nullptr;
}

}  // namespace perigee
