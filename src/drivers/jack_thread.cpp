// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "drivers/jack_thread.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <utility>

namespace perigee {

namespace {

/// Between two looks: ports may come and go by the hundred, and each look is at all of them.
constexpr std::chrono::milliseconds kBetweenLooks{20};
/// Between two looks at whether the server has answered anything.
constexpr std::chrono::milliseconds kGlance{20};

std::atomic<bool> any_left_behind{false};

}  // namespace

std::shared_ptr<JackThread> JackThread::start() {
  std::shared_ptr<JackThread> made(new JackThread);
  made->thread_ = std::thread([self = made] { self->work(); });
  return made;
}

bool JackThread::left_behind() { return any_left_behind; }

void JackThread::post(Job job) {
  const std::scoped_lock lock(mutex_);
  if (ending_) return;
  jobs_.push_back(std::move(job));
  wake_.notify_one();
}

void JackThread::post_later(Job job) {
  const std::scoped_lock lock(mutex_);
  if (ending_) return;
  later_.push_back(std::move(job));
  wake_.notify_one();
}

void JackThread::post_look(Job look) {
  const std::scoped_lock lock(mutex_);
  if (ending_ || look_ != nullptr) return;
  look_ = std::move(look);
  wake_.notify_one();
}

void JackThread::moved() {
  const std::scoped_lock lock(mutex_);
  ++moves_;
}

/// Under the mutex.
JackThread::Job JackThread::next() {
  const auto take_first = [](std::deque<Job>& from) {
    Job job = std::move(from.front());
    from.pop_front();
    return job;
  };
  if (!jobs_.empty()) return take_first(jobs_);
  if (look_ != nullptr && Clock::now() >= look_from_)
    return [this, look = std::exchange(look_, nullptr)] {
      look();
      const std::scoped_lock lock(mutex_);
      look_from_ = Clock::now() + kBetweenLooks;
    };
  if (!later_.empty()) return take_first(later_);
  return nullptr;
}

void JackThread::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    if (Job job = next(); job != nullptr) {
      lock.unlock();
      job();
      job = nullptr;  // and what it holds
      lock.lock();
      ++moves_;
    } else if (ending_) {
      return;
    } else if (look_ != nullptr) {
      wake_.wait_until(lock, look_from_);
    } else {
      wake_.wait(lock);
    }
  }
}

/// Under the mutex.
std::shared_ptr<JackThread::Task> JackThread::add(std::deque<Job>& to, Job job) {
  auto task = std::make_shared<Task>();
  to.push_back([this, task, job = std::move(job)] {
    std::exception_ptr thrown;
    try {
      job();
    } catch (...) {
      thrown = std::current_exception();
    }
    const std::scoped_lock lock(mutex_);
    task->done = true;
    task->thrown = std::move(thrown);
    done_.ring();
  });
  wake_.notify_one();
  return task;
}

JackThread::Outcome JackThread::run(Job job, const Patience& patience, const Interruption& interruption) {
  std::unique_lock lock(mutex_);
  if (ending_) return Outcome::too_long;
  const auto task = add(jobs_, std::move(job));
  lock.unlock();
  return wait(task, patience, interruption);
}

JackThread::Outcome JackThread::catch_up(const Patience& patience, const Interruption& interruption) {
  std::unique_lock lock(mutex_);
  if (ending_) return Outcome::too_long;
  const auto task = add(later_, [] {});
  lock.unlock();
  return wait(task, patience, interruption);
}

JackThread::Outcome JackThread::end(Job last, const Patience& patience, const Interruption& interruption) {
  // Out of the lock: what they hold may post what is to come after them.
  std::deque<Job> dropped, dropped_later;
  Job dropped_look;
  std::unique_lock lock(mutex_);
  if (std::exchange(ending_, true)) return Outcome::done;
  dropped.swap(jobs_);
  dropped_later.swap(later_);
  dropped_look = std::exchange(look_, nullptr);
  const auto task = add(jobs_, std::move(last));
  lock.unlock();
  const Outcome outcome = wait(task, patience, interruption);
  if (outcome == Outcome::done) {
    thread_.join();
  } else {
    any_left_behind = true;
    thread_.detach();
  }
  return outcome;
}

JackThread::Outcome JackThread::wait(const std::shared_ptr<Task>& task, const Patience& patience,
                                     const Interruption& interruption) {
  const auto start = Clock::now();
  auto heard = start;
  unsigned moves = 0;
  {
    const std::scoped_lock lock(mutex_);
    moves = moves_;
  }
  while (true) {
    done_.silence();
    {
      const std::scoped_lock lock(mutex_);
      if (task->done) {
        if (task->thrown) std::rethrow_exception(std::exchange(task->thrown, nullptr));
        return Outcome::done;
      }
      if (std::exchange(moves, moves_) != moves_) heard = Clock::now();
    }
    const auto now = Clock::now();
    if (now >= heard + patience.silence || now >= start + patience.in_all) return Outcome::too_long;
    std::array<pollfd, 2> ready{pollfd{done_.fd(), POLLIN, 0}, pollfd{interruption.fd, POLLIN, 0}};
    poll(ready.data(), ready.size(), static_cast<int>(kGlance.count()));
    if (ready[1].revents != 0 && interruption.comes()) return Outcome::interrupted;
  }
}

}  // namespace perigee
