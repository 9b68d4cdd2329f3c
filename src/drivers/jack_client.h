// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A client of a JACK server, and ports that it owns. Control thread only.

#pragma once

#include <jack/jack.h>

#include <atomic>
#include <memory>
#include <string>

namespace perigee {

struct JackClient {
  /// Opens it on the default server, which is not started. Throws SystemError.
  explicit JackClient(const std::string& wanted_name);
  ~JackClient();
  JackClient(const JackClient&) = delete;
  JackClient& operator=(const JackClient&) = delete;

  std::string name() const { return jack_get_client_name(handle); }
  void close();

  jack_client_t* handle = nullptr;  ///< nullptr once closed
  std::atomic<bool> gone{false};    ///< the server is no more
};

/// Registered from construction to destruction. May outlive the client's connection.
class JackPort {
 public:
  JackPort(std::shared_ptr<JackClient> client, const std::string& name, JackPortFlags direction);
  ~JackPort();
  JackPort(const JackPort&) = delete;
  JackPort& operator=(const JackPort&) = delete;

  jack_port_t* handle() const { return handle_; }
  std::string full_name() const { return jack_port_name(handle_); }

 private:
  std::shared_ptr<JackClient> client_;
  jack_port_t* handle_;
};

}  // namespace perigee
