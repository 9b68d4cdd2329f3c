// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/osc_socket.h"

#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <memory>
#include <stdexcept>
#include <system_error>

#include "control/osc.h"
#include "drivers/driver.h"

namespace perigee {

namespace {

constexpr std::size_t kLargestPacket = 65536;  // bytes: more than any datagram has
constexpr int kAtOnce = 256;                   // datagrams

std::string words_of(const sockaddr_storage& address, socklen_t size) {
  char host[NI_MAXHOST], port[NI_MAXSERV];
  if (getnameinfo(reinterpret_cast<const sockaddr*>(&address), size, host, sizeof host, port, sizeof port,
                  NI_NUMERICHOST | NI_NUMERICSERV) != 0)
    return "somebody";
  const bool is_v6 = std::string_view(host).find(':') != std::string_view::npos;
  return is_v6 ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

}  // namespace

OscAddress osc_address(std::string_view text) {
  const std::string_view all = text;
  OscAddress address;
  if (const std::size_t colon = text.rfind(':'); colon != std::string_view::npos) {
    std::string_view host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    address.host = host;
    text.remove_prefix(colon + 1);
  }
  address.port = text;
  int port = -1;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (failure != std::errc() || end != text.data() + text.size() || port < 0 || port > 65535 ||
      address.host.empty())
    throw std::invalid_argument(fmt::format("{}: it takes a port, 0 to 65535, or ADDRESS:PORT", all));
  return address;
}

OscSocket::OscSocket(const OscAddress& address) : datagram_(kLargestPacket) {
  const addrinfo hints{.ai_flags = AI_PASSIVE | AI_NUMERICSERV, .ai_socktype = SOCK_DGRAM};
  addrinfo* found = nullptr;
  const int failure = getaddrinfo(address.host.c_str(), address.port.c_str(), &hints, &found);
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, freeaddrinfo);
  if (failure != 0)
    throw SystemError(fmt::format("OSC cannot listen at {}: {}", address.host, gai_strerror(failure)));
  fd_ = socket(found->ai_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd_ < 0 || bind(fd_, found->ai_addr, found->ai_addrlen) != 0) {
    const std::string why = std::generic_category().message(errno);
    if (fd_ >= 0) close(fd_);
    throw SystemError(
        fmt::format("OSC cannot listen at {} port {}: {}: choose another port, or --osc 0 for any",
                    address.host, address.port, why));
  }
}

OscSocket::~OscSocket() { close(fd_); }

std::string OscSocket::describe() const {
  sockaddr_storage own{};
  socklen_t size = sizeof own;
  getsockname(fd_, reinterpret_cast<sockaddr*>(&own), &size);
  return words_of(own, size);
}

void OscSocket::read(Osc& osc) {
  for (int i = 0; i < kAtOnce; ++i) {
    sockaddr_storage from{};
    socklen_t from_size = sizeof from;
    const ssize_t size =
        recvfrom(fd_, datagram_.data(), datagram_.size(), 0, reinterpret_cast<sockaddr*>(&from), &from_size);
    if (size < 0) return;  // nothing more
    osc.take(std::span(datagram_).first(static_cast<std::size_t>(size)), words_of(from, from_size));
  }
}

}  // namespace perigee
