// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Our ports at the server. They are asked for and given back by the control thread; the JACK thread registers
// and unregisters them, one after the other, when there is nothing else to do.

#pragma once

#include <jack/jack.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "drivers/jack_client.h"
#include "drivers/jack_thread.h"

namespace perigee {

enum class Carries { audio, midi };

class JackPorts;

/// Registered some time after construction, unregistered some time after destruction. May outlive the
/// client's connection.
class JackPort {
 public:
  enum class State { asked, there, refused };

  /// A lane `of` a port of the patch.
  JackPort(std::shared_ptr<JackPorts> ports, std::string of, const std::string& name, JackPortFlags direction,
           Carries what = Carries::audio);
  ~JackPort();
  JackPort(const JackPort&) = delete;
  JackPort& operator=(const JackPort&) = delete;

  const std::string& of() const { return of_; }
  const std::string& name() const { return at_server_->name; }
  State state() const { return at_server_->state.load(std::memory_order_acquire); }
  // Once it is there. Any thread.
  jack_port_t* handle() const { return at_server_->handle; }
  const std::string& full_name() const { return at_server_->full_name; }
  bool is_output() const { return at_server_->direction == JackPortIsOutput; }

 private:
  friend class JackPorts;
  struct AtServer {
    std::string name;
    JackPortFlags direction;
    Carries what;
    std::atomic<bool> wanted{true};
    std::atomic<State> state{State::asked};
    // The JACK thread's, until it is there.
    jack_port_t* handle = nullptr;
    std::string full_name = {};
  };

  std::shared_ptr<JackPorts> ports_;
  std::string of_;
  std::shared_ptr<AtServer> at_server_;
};

/// What registers them.
class JackPorts : public std::enable_shared_from_this<JackPorts> {
 public:
  /// `seen_to` is called on the JACK thread when all that were asked for are there, or refused.
  JackPorts(std::shared_ptr<JackThread> thread, std::function<void()> seen_to)
      : thread_(std::move(thread)), seen_to_(std::move(seen_to)) {}

  // JACK thread.
  void open(std::shared_ptr<JackClient> client);
  /// The client is active: the server tells of each change.
  void start() { active_ = true; }

 private:
  friend class JackPort;
  using AtServer = JackPort::AtServer;

  void ask(const std::shared_ptr<AtServer>& port);        ///< control thread
  void give_back(const std::shared_ptr<AtServer>& port);  ///< control thread
  void add(AtServer& port);
  void remove(const AtServer& port);
  void wait_for_calm();

  std::shared_ptr<JackThread> thread_;
  std::function<void()> seen_to_;
  std::atomic<int> asked_{0};  ///< and not seen to
  std::shared_ptr<JackClient> client_;
  bool active_ = false;
  bool races_ = true;                         ///< the library's latencies and unregistering do
  JackThread::Clock::time_point calm_until_;  ///< it does not ask for them before
};

}  // namespace perigee
