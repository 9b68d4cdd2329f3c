// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "measure/fitness.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <set>
#include <thread>

namespace perigee {

namespace {

namespace fs = std::filesystem;

constexpr int kPriority = 70;  // what JACK gives its threads, or near that
constexpr std::string_view kLimits =
    "as root write \"@audio - rtprio 95\" and \"@audio - memlock unlimited\" into "
    "/etc/security/limits.d/audio.conf, join the group by \"usermod -aG audio USER\", and log in again";
constexpr std::string_view kPreempt =
    "boot a kernel with preemption: with \"preempt=full threadirqs\" on its command line, or Debian's "
    "linux-image-rt-amd64";
constexpr rlim_t kEnoughMemory = rlim_t{256} << 20U;  // bytes
/// Periods of 64 frames last 1333 µs at 48 kHz; half of one is for the patches.
constexpr double kGoodWakeUp = 300, kPoorWakeUp = 700;  // µs

std::string first_line(const fs::path& file) {
  std::ifstream stream(file);
  std::string line;
  std::getline(stream, line);
  return line;
}

bool become_realtime() {
  sched_param priority{};
  priority.sched_priority = kPriority;
  return pthread_setschedparam(pthread_self(), SCHED_FIFO, &priority) == 0;
}

double since(const timespec& then) {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec - then.tv_sec) * 1e6 +
         static_cast<double>(now.tv_nsec - then.tv_nsec) / 1e3;
}

}  // namespace

Finding realtime_permission() {
  bool granted = false;
  std::thread([&] { granted = become_realtime(); }).join();
  if (granted)
    return {.what = "priority", .text = fmt::format("real-time, SCHED_FIFO {}, is granted", kPriority)};
  return {.is = Finding::Is::bad,
          .what = "priority",
          .text = "real-time priority is not granted: any other program may make periods late",
          .remedy = std::string(kLimits)};
}

Finding memory_permission() {
  rlimit limit{};
  getrlimit(RLIMIT_MEMLOCK, &limit);
  if (limit.rlim_cur == RLIM_INFINITY || geteuid() == 0)
    return {.what = "memory", .text = "as much as there is may be locked"};
  const std::string text = fmt::format("{} MiB may be locked", limit.rlim_cur >> 20U);
  if (limit.rlim_cur >= kEnoughMemory) return {.what = "memory", .text = text};
  return {.is = Finding::Is::poor,
          .what = "memory",
          .text = text + ": what is swapped out makes periods late",
          .remedy = std::string(kLimits)};
}

WakeUps measure_wake_ups() {
  std::vector<double> late;
  std::thread([&] {
    become_realtime();
    late.reserve(1000);
    timespec next{};
    clock_gettime(CLOCK_MONOTONIC, &next);
    for (int i = 0; i < 1000; ++i) {
      next.tv_nsec += 1'000'000;
      if (next.tv_nsec >= 1'000'000'000) next.tv_nsec -= 1'000'000'000, ++next.tv_sec;
      clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, nullptr);
      late.push_back(std::max(since(next), 0.0));
    }
  }).join();
  std::ranges::sort(late);
  return {.median = late[late.size() / 2], .worst = late.back()};
}

Finding judge(const WakeUps& late) {
  Finding finding{
      .what = "wake-ups",
      .text = fmt::format("{:.0f} µs late, {:.0f} µs at worst, in a thousand", late.median, late.worst)};
  if (late.worst <= kGoodWakeUp) return finding;
  finding.is = late.worst <= kPoorWakeUp ? Finding::Is::poor : Finding::Is::bad;
  finding.remedy = fmt::format("end what else runs; {}; or take longer periods", kPreempt);
  return finding;
}

Finding kernel(const fs::path& root) {
  const std::string version = first_line(root / "proc/version");
  if (first_line(root / "sys/kernel/realtime") == "1")
    return {.what = "kernel", .text = "it is a real-time one"};
  if (version.find("PREEMPT") != std::string::npos) return {.what = "kernel", .text = "it can be preempted"};
  if (version.empty()) return {.what = "kernel", .text = "nothing is known of it"};
  return {.is = Finding::Is::poor,
          .what = "kernel",
          .text = "it cannot be preempted: what it does for others makes periods late",
          .remedy = std::string(kPreempt)};
}

Finding throttling(const fs::path& root) {
  const std::string runtime = first_line(root / "proc/sys/kernel/sched_rt_runtime_us"),
                    period = first_line(root / "proc/sys/kernel/sched_rt_period_us");
  Finding finding{.what = "real-time share", .text = "real-time threads may take all the time there is"};
  if (runtime.empty() || period.empty() || runtime == "-1") return finding;
  const double share =
      std::strtod(runtime.c_str(), nullptr) / std::max(std::strtod(period.c_str(), nullptr), 1.0);
  finding.text = fmt::format("real-time threads may take {:.0f} % of the time", 100 * share);
  if (share >= 0.9) return finding;
  finding.is = Finding::Is::poor;
  finding.remedy = "as root: sysctl -w kernel.sched_rt_runtime_us=950000";
  return finding;
}

Finding processor_speed(const fs::path& root) {
  std::set<std::string> governors;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(root / "sys/devices/system/cpu", none))
    if (const std::string one = first_line(entry.path() / "cpufreq/scaling_governor"); !one.empty())
      governors.insert(one);
  if (governors.empty()) return {.what = "processor", .text = "its speed is not for Linux to change"};
  if (governors == std::set<std::string>{"performance"})
    return {.what = "processor", .text = "it runs at full speed: governor performance"};
  return {.is = Finding::Is::poor,
          .what = "processor",
          .text = fmt::format("it slows down when there is little to do: governor {}",
                              fmt::join(governors, ", ")),
          .remedy = "as root: cpupower frequency-set -g performance"};
}

}  // namespace perigee
