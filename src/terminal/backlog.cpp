// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "terminal/backlog.h"

#include <fmt/format.h>
#include <pthread.h>

#include <algorithm>
#include <csignal>
#include <thread>

#include "terminal/descriptors.h"

namespace perigee::console {

namespace {

constexpr std::chrono::milliseconds kMoment{20};  // loops are further ahead of the sound
constexpr std::size_t kPiece = 4096;              // bytes that are written at a time

void block_all_signals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

}  // namespace

std::shared_ptr<Backlog> Backlog::start() {
  auto backlog = std::make_shared<Backlog>();
  std::thread([backlog] {
    block_all_signals();
    backlog->run();
  }).detach();
  return backlog;
}

void Backlog::add(int descriptor, std::string_view text) {
  std::unique_lock lock(mutex_);
  // Once something is lost, there has to be some room before more is taken: gaps are few and long.
  const auto fits = [&] { return has_room(lost_ > 0 ? std::max(text.size(), kMost / 2) : text.size()); };
  const auto moved = moved_;
  if (!fits() && !stuck_) {
    changed_.wait_for(lock, kMoment, fits);
    stuck_ = moved_ == moved;
  }
  if (!fits()) {
    lost_ += static_cast<unsigned long>(std::max<std::ptrdiff_t>(1, std::ranges::count(text, '\n')));
    lost_of_ = descriptor;
    return;
  }
  tell_of_lost();
  pieces_.push_back({descriptor, std::string(text)});
  bytes_ += text.size();
  changed_.notify_all();
}

void Backlog::tell_of_lost() {
  if (lost_ == 0) return;
  pieces_.push_back({lost_of_, fmt::format("perigee: {} line{} lost here: nobody took {}\n", lost_,
                                           lost_ == 1 ? " was" : "s were", lost_ == 1 ? "it" : "them")});
  bytes_ += pieces_.back().text.size();
  lost_ = 0;
}

void Backlog::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return !pieces_.empty() || lost_ > 0; });
    if (pieces_.empty()) tell_of_lost();
    const Piece piece = std::move(pieces_.front());
    pieces_.pop_front();
    lock.unlock();
    // What cannot be written is gone; the next may find room.
    const auto note = [&] {
      const std::scoped_lock noting(mutex_);
      ++moved_;
      stuck_ = false;
    };
    write_pieces(piece.descriptor, piece.text, kPiece, note);
    lock.lock();
    bytes_ -= piece.text.size();
    ++moved_;
    stuck_ = false;
    changed_.notify_all();
  }
}

void Backlog::drain(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  while (bytes_ > 0) {
    const auto moved = moved_;
    changed_.wait_for(lock, patience, [&] { return bytes_ == 0 || moved_ != moved; });
    if (moved_ == moved) return;
  }
}

}  // namespace perigee::console
