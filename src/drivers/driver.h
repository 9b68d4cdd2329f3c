// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "drivers/transport.h"
#include "engine/program.h"
#include "patch/wire_order.h"
#include "plan/port_latency.h"

namespace perigee {

/// The system is at fault: no server, no rights. Says what to do about it.
struct SystemError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A program asks for a port that it cannot be given: says why, and what would.
struct NoRoom : SystemError {
  NoRoom(std::string port, const std::string& why) : SystemError(why), port(std::move(port)) {}
  std::string port;  ///< of the patch
};

/// Whether what a program's ports need is there.
struct Readiness {
  bool is_ready = true;
  std::optional<NoRoom> refused = {};  ///< it never will be
};

/// Of the ports of all programs: one came or went, or two were connected or disconnected.
struct PortChange {
  enum class What { came, went, joined, parted } what = What::came;
  std::string port;   ///< its full name; of two, the output
  std::string other;  ///< joined, parted: the input
};

/// The end was asked for while a server was waited for.
struct Interrupted : std::runtime_error {
  Interrupted() : std::runtime_error("interrupted") {}
};

/// What a driver has to tell its owner.
struct News {
  bool gone = false;                   ///< the driver calls no more
  std::string reason;                  ///< why
  double new_rate = 0;                 ///< Hz, when it changed: programs have to be built again
  int new_period = 0;                  ///< frames, when it changed: nothing to do
  unsigned late = 0;                   ///< periods that came too late since the last news
  std::vector<Mistake> mistakes = {};  ///< in what rewire() was asked for
  std::vector<PortChange> changes = {};
};

/// Who calls Engine::run, from a thread of its own. All of this is the control thread's.
class Driver {
 public:
  Driver() = default;
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;
  virtual ~Driver() = default;

  virtual double rate() const = 0;           ///< Hz
  virtual int period() const = 0;            ///< frames
  virtual std::string describe() const = 0;  ///< JACK client "perigee"

  /// Has made ready what the program's ports need, which may take a while. Throws SystemError, NoRoom if it
  /// is known that they cannot be had: then nothing has changed.
  virtual void prepare(Program& program) = 0;
  /// How far that is. News come when it has changed.
  virtual Readiness readiness(const Program& /*program*/) const { return {}; }
  /// Waits until all that prepare() was called for is ready. Throws SystemError if a port was refused or does
  /// not come, Interrupted.
  virtual void await_ready() {}
  /// Hands a program that is ready to the engine.
  virtual void publish(std::unique_ptr<Program> program, const PortLatencies& latencies) = 0;
  /// The wires between JACK's ports that the patch wants besides. Others than JACK have none.
  virtual void route(const std::set<Route>& /*routes*/) {}
  /// Connects and disconnects ports once: now, or when the engine begins to run.
  virtual void rewire(const std::vector<WireOrder>& /*orders*/) {}
  /// The full names of all ports that match a pattern.
  virtual std::vector<std::string> ports(const std::string& /*pattern*/) const { return {}; }
  /// Whether others' clocks can be followed: a transport that programs share, and those of MIDI ports.
  virtual bool has_clocks() const { return false; }
  /// From now on it is told where that is, or no more. With `lead`, what it is told is the patch's own tempo;
  /// false if another program leads already. A server that does not answer at once may tell that later, as a
  /// mistake.
  virtual bool follow_transport(bool /*follow*/, const std::optional<TransportLead>& /*lead*/ = {}) {
    return true;
  }
  /// Where it is from some frame on, whenever that is news.
  virtual std::optional<TransportPosition> transport() { return {}; }
  /// What is due when the transport starts where it was told to be, waits in the engine: it may.
  virtual void transport_ready(std::uint32_t /*number*/) {}
  /// From a frame of the transport on, a beat is there and so many follow in a minute. For who leads.
  virtual void lead_transport(double /*frame*/, double /*beat*/, double /*tempo*/) {}
  /// The engine begins to run. After publish. Throws SystemError, Interrupted.
  virtual void start() = 0;

  /// Readable when attend() has something to do.
  virtual int fd() const = 0;
  virtual News attend() = 0;
};

}  // namespace perigee
