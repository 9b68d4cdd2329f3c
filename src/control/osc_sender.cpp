// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/osc_sender.h"

#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <stdexcept>
#include <system_error>

#include "control/osc_packet.h"
#include "control/osc_socket.h"

namespace perigee {

OscSender::~OscSender() {
  for (const int fd : {fd4_, fd6_})
    if (fd >= 0) close(fd);
}

std::string OscSender::send(const OscSending& sending) {
  OscAddress address;
  try {
    address = osc_address(sending.to);
  } catch (const std::invalid_argument& error) {
    return fmt::format("osc.send to {}", error.what());
  }
  if (address.host == "localhost") address.host = "127.0.0.1";
  const addrinfo hints{.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_DGRAM};
  addrinfo* found = nullptr;
  const int failure = getaddrinfo(address.host.c_str(), address.port.c_str(), &hints, &found);
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, freeaddrinfo);
  if (failure != 0)
    return fmt::format("osc.send to {}: it takes numbers, as in 192.168.1.2:9000", sending.to);
  int& fd = found->ai_family == AF_INET6 ? fd6_ : fd4_;
  if (fd < 0) fd = socket(found->ai_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const std::vector<char> bytes = osc_packet(sending.path, sending.values);
  if (fd < 0 || sendto(fd, bytes.data(), bytes.size(), 0, found->ai_addr, found->ai_addrlen) < 0) {
    const int why = errno;
    if (why == EAGAIN || why == ECONNREFUSED) return {};  // as if it were lost on the way
    return fmt::format("osc.send to {}: {}", sending.to, std::generic_category().message(why));
  }
  return {};
}

}  // namespace perigee
