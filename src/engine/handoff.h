// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How a new plan gets to the audio thread and the old one back: two pointers. The audio thread takes `next`
// only when `spent` is empty, so that it never has to wait, and never frees.

#pragma once

#include <atomic>
#include <memory>
#include <utility>

namespace perigee {

template <typename T>
class Handoff {
 public:
  Handoff() = default;
  Handoff(const Handoff&) = delete;
  Handoff& operator=(const Handoff&) = delete;
  ~Handoff() {
    delete next_.load();
    delete spent_.load();
    delete done_;
    delete current_;
  }

  /// Builder's thread. Offers a plan in place of any that was offered and not yet taken, which comes back
  /// unused.
  std::unique_ptr<T> offer(std::unique_ptr<T> plan) {
    return std::unique_ptr<T>(next_.exchange(plan.release(), std::memory_order_acq_rel));
  }

  /// Builder's thread. The plan that the audio thread is done with, or nullptr. Until it has been collected
  /// the audio thread takes no further plan.
  std::unique_ptr<T> collect() {
    return std::unique_ptr<T>(spent_.exchange(nullptr, std::memory_order_acq_rel));
  }

  /// Either thread. Whether an offered plan still waits.
  bool waiting() const noexcept { return next_.load(std::memory_order_acquire) != nullptr; }

  /// Audio thread, wait-free. The plan to run now; nullptr before the first. The one before is given back at
  /// the next call: until then it, and what only it holds, can still be looked at.
  T* take() noexcept {
    if (done_ != nullptr) spent_.store(std::exchange(done_, nullptr), std::memory_order_release);
    if (next_.load(std::memory_order_relaxed) == nullptr) return current_;
    if (spent_.load(std::memory_order_acquire) != nullptr) return current_;
    T* const plan = next_.exchange(nullptr, std::memory_order_acq_rel);
    if (plan == nullptr) return current_;  // withdrawn in between
    done_ = current_;
    current_ = plan;
    return current_;
  }

 private:
  std::atomic<T*> next_{nullptr};
  std::atomic<T*> spent_{nullptr};
  // The audio thread's.
  T* current_ = nullptr;
  T* done_ = nullptr;  ///< to be given back: nothing else is spent then
};

}  // namespace perigee
