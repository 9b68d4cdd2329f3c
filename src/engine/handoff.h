// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How a new plan gets to the audio thread and the old one back: two pointers. The audio thread takes `next`
// only when `spent` is empty, so that it never has to wait, and never frees.

#pragma once

#include <atomic>
#include <memory>

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

  /// Audio thread, wait-free but for what it calls. The plan to run now; nullptr before the first. `adopt` is
  /// called with each plan that is new, before the one that it follows is given back: until then that, and
  /// what only it holds, can be looked at.
  template <typename Adopt>
  T* take(Adopt adopt) noexcept {
    if (next_.load(std::memory_order_relaxed) == nullptr) return current_;
    if (spent_.load(std::memory_order_acquire) != nullptr) return current_;
    T* const plan = next_.exchange(nullptr, std::memory_order_acq_rel);
    if (plan == nullptr) return current_;  // withdrawn in between
    adopt(*plan);
    spent_.store(current_, std::memory_order_release);
    current_ = plan;
    return current_;
  }
  T* take() noexcept {
    return take([](T&) {});
  }

 private:
  std::atomic<T*> next_{nullptr};
  std::atomic<T*> spent_{nullptr};
  T* current_ = nullptr;  ///< the audio thread's
};

}  // namespace perigee
