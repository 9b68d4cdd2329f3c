// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/loop.h"

#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <system_error>

namespace perigee {

namespace asio = boost::asio;

struct Loop::Context {
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
};

class Loop::Hook::Waiting {
 public:
  virtual ~Waiting() = default;
  virtual void cancel() = 0;
};

namespace {

class FileWait final : public Loop::Hook::Waiting, public std::enable_shared_from_this<FileWait> {
 public:
  using Kind = asio::posix::stream_descriptor::wait_type;

  /// A file of its own number: its owner may close the other at any time, and one may wait to read while
  /// another waits to write.
  FileWait(asio::io_context& io, int fd, Kind kind, Loop::Call call)
      : file_(io), kind_(kind), call_(std::move(call)) {
    const int own = dup(fd);
    if (own < 0) throw std::system_error(errno, std::generic_category(), "dup");
    file_.assign(own);
  }

  void wait() {
    file_.async_wait(kind_, [self = shared_from_this()](const boost::system::error_code& error) {
      if (error || self->cancelled_) return;
      self->call_();
      if (!self->cancelled_) self->wait();
    });
  }

  void cancel() override {
    cancelled_ = true;
    boost::system::error_code ignored;
    file_.close(ignored);
  }

 private:
  asio::posix::stream_descriptor file_;
  Kind kind_;
  Loop::Call call_;
  bool cancelled_ = false;
};

class TimeWait final : public Loop::Hook::Waiting, public std::enable_shared_from_this<TimeWait> {
 public:
  TimeWait(asio::io_context& io, Loop::Clock::time_point time, Loop::Call call)
      : timer_(io, time), call_(std::move(call)) {}

  void wait() {
    timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
      if (!error && !self->cancelled_) self->call_();
    });
  }

  void cancel() override {
    cancelled_ = true;
    timer_.cancel();
  }

 private:
  asio::steady_timer timer_;
  Loop::Call call_;
  bool cancelled_ = false;
};

}  // namespace

Loop::Loop() : context_(std::make_unique<Context>()) {}
Loop::~Loop() = default;

Loop::Hook& Loop::Hook::operator=(Hook&& other) noexcept {
  if (this == &other) return *this;
  const Hook before(std::move(waiting_));
  waiting_ = std::move(other.waiting_);
  return *this;
}

Loop::Hook::~Hook() {
  if (waiting_ != nullptr) waiting_->cancel();
}

Loop::Hook Loop::when(int fd, Readiness readiness, Call call) {
  const auto kind = readiness == Readiness::readable ? FileWait::Kind::wait_read : FileWait::Kind::wait_write;
  const auto waiting = std::make_shared<FileWait>(context_->io, fd, kind, std::move(call));
  waiting->wait();
  return Hook(waiting);
}

Loop::Hook Loop::when_readable(int fd, Call call) { return when(fd, Readiness::readable, std::move(call)); }
Loop::Hook Loop::when_writable(int fd, Call call) { return when(fd, Readiness::writable, std::move(call)); }

Loop::Hook Loop::at(Clock::time_point time, Call call) {
  const auto waiting = std::make_shared<TimeWait>(context_->io, time, std::move(call));
  waiting->wait();
  return Hook(waiting);
}

void Loop::post(Call call) { context_->io.get_executor().post(std::move(call), std::allocator<void>()); }

void Loop::run() {
  context_->io.restart();
  context_->io.run();
}

void Loop::stop() { context_->io.stop(); }

}  // namespace perigee
