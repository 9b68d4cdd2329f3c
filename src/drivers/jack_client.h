// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A client of a JACK server. On the JACK thread, where nothing else is said.

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

  void close();
  bool speaks() const { return handle != nullptr && !gone; }

  jack_client_t* handle = nullptr;  ///< nullptr once closed
  std::string name;                 ///< as the server has it
  std::atomic<bool> gone{false};    ///< the server is no more
  /// Of ports or wires, by us: after that the server asks for latencies.
  void has_changed() { changed_in_ = rounds_; }
  /// It has asked since: nothing that we did is still to be told of.
  bool is_settled() const { return changed_in_ != rounds_; }
  /// The server has asked for latencies. Any thread.
  void latencies_told() { ++rounds_; }

 private:
  std::atomic<unsigned> rounds_{1};
  unsigned changed_in_ = 0;
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

}  // namespace perigee
