// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where OSC comes in: datagrams of UDP at one address. Control thread only.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace perigee {

class Osc;

/// An address to listen at.
struct OscAddress {
  std::string host = "127.0.0.1";  ///< the machine itself, and nobody else
  std::string port;
};

/// Of "9000", "192.168.1.2:9000" or "[::1]:9000"; port 0 is any that is free. Throws std::invalid_argument.
OscAddress osc_address(std::string_view text);

class OscSocket {
 public:
  /// Throws SystemError when nobody can listen there.
  explicit OscSocket(const OscAddress& address);
  ~OscSocket();
  OscSocket(const OscSocket&) = delete;
  OscSocket& operator=(const OscSocket&) = delete;

  int fd() const { return fd_; }  ///< readable when something has come
  std::string describe() const;   ///< 127.0.0.1:9000
  /// Hands over what has come, but not more than a part of a flood.
  void read(Osc& osc);

 private:
  int fd_ = -1;
  std::vector<char> datagram_;
};

}  // namespace perigee
