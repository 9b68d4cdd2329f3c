// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A client of a JACK server, and ports that it owns. Control thread only, where nothing else is said.

#pragma once

#include <jack/jack.h>
#include <pthread.h>

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

/// The library ends its threads by cancelling them at any instruction (JackPosixThread.cpp), and unwinding
/// what is noexcept would end the process: as long as this lives, the calling thread is not cancelled. That
/// may happen as it begins and as it ends: neither is noexcept. Any thread.
class Uncancelled {
 public:
  Uncancelled() { pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before_); }
  ~Uncancelled() noexcept(false) { pthread_setcancelstate(before_, nullptr); }
  Uncancelled(const Uncancelled&) = delete;
  Uncancelled& operator=(const Uncancelled&) = delete;

 private:
  int before_ = 0;
};

enum class Carries { audio, midi };

/// Registered from construction to destruction. May outlive the client's connection.
class JackPort {
 public:
  JackPort(std::shared_ptr<JackClient> client, const std::string& name, JackPortFlags direction,
           Carries what = Carries::audio);
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
