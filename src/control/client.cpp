// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/client.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <utility>

namespace perigee {

namespace {

/// Whoever is hung up on has so long to read the last answer.
constexpr std::chrono::seconds kLastWord{1};

bool comes_again() { return errno == EAGAIN || errno == EINTR; }

}  // namespace

Client::Client(Loop& loop, int fd, Calls calls) : loop_(loop), fd_(fd), calls_(std::move(calls)) {
  wait_for_more();
}

Client::~Client() {
  readable_ = {};
  writable_ = {};
  close(fd_);
}

void Client::wait_for_more() {
  readable_ = loop_.when_readable(fd_, [this] { read(); });
}

void Client::read() {
  std::array<char, 65536> part;
  const ssize_t got = ::read(fd_, part.data(), part.size());
  if (got < 0 && comes_again()) return;
  if (got < 0) return end();
  if (got == 0) at_end_ = true;
  in_.append(part.data(), static_cast<std::size_t>(got));
  next_line();
}

/// What comes meanwhile waits with whoever sends it.
void Client::next_line() {
  if (busy_ || over_ || refused_) return;
  std::size_t end = in_.find('\n', searched_);
  searched_ = in_.size();
  if (end == std::string::npos && at_end_ && !in_.empty()) in_ += '\n', end = in_.size() - 1;
  if (end == std::string::npos ? in_.size() > kLongestLine : end > kLongestLine) {
    refused_ = true;
    readable_ = {};
    calls_.too_long();
    return hang_up();
  }
  if (end == std::string::npos) {
    if (at_end_) return hang_up();
    if (!readable_) wait_for_more();
    return;
  }
  std::string line = in_.substr(0, end);
  in_.erase(0, end + 1);
  searched_ = 0;
  busy_ = true;
  readable_ = {};
  calls_.line(std::move(line));
}

void Client::done() {
  // Not from here: many short lines would call each other.
  busy_ = false;
  if (!over_ && !refused_) soon_ = loop_.at(Loop::Clock::now(), [this] { next_line(); });
}

void Client::send(std::string line) {
  if (over_) return;
  out_ += std::move(line) += '\n';
  write();
}

void Client::write() {
  while (!out_.empty()) {
    const ssize_t sent = ::send(fd_, out_.data(), out_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && comes_again()) break;
    if (sent < 0) return end();
    out_.erase(0, static_cast<std::size_t>(sent));
  }
  if (out_.size() > kMostUnread) return end();
  if (out_.empty() && refused_) return end();
  if (out_.empty())
    writable_ = {};
  else if (!writable_)
    writable_ = loop_.when_writable(fd_, [this] { write(); });
}

void Client::hang_up() {
  refused_ = true;
  readable_ = {};
  if (over_) return;
  if (out_.empty()) return end();
  soon_ = loop_.at(Loop::Clock::now() + kLastWord, [this] { end(); });
}

void Client::end() {
  if (std::exchange(over_, true)) return;
  readable_ = {};
  writable_ = {};
  out_.clear();
  soon_ = loop_.at(Loop::Clock::now(), [this] {
    const auto gone = calls_.gone;  // outlives the client
    gone();
  });
}

}  // namespace perigee
