// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "measure/fitness.h"

#include <doctest/doctest.h>

#include <fstream>

#include "support/temporary.h"

using namespace perigee;
using namespace perigee::test;
namespace fs = std::filesystem;

namespace {

/// A system's files.
struct Root {
  void write(const fs::path& file, const std::string& text) const {
    fs::create_directories((folder / file).parent_path());
    std::ofstream(folder / file) << text << "\n";
  }
  TemporaryFolder folder;
};

}  // namespace

TEST_CASE("wake-ups are good, poor or bad by the worst, and what is not good has a remedy") {
  CHECK(judge({.median = 4, .worst = 118}).is == Finding::Is::good);
  CHECK(judge({.median = 4, .worst = 118}).remedy.empty());
  CHECK(judge({.median = 4, .worst = 500}).is == Finding::Is::poor);
  CHECK(judge({.median = 4, .worst = 5000}).is == Finding::Is::bad);
  CHECK(judge({.median = 4, .worst = 5000}).remedy.find("preempt=full") != std::string::npos);
}

TEST_CASE("a thousand wake-ups are measured") {
  const WakeUps late = measure_wake_ups();
  CHECK(late.median > 0);
  CHECK(late.worst >= late.median);
}

TEST_CASE("governors, kernels and shares are told by their files") {
  const Root root;
  CHECK(processor_speed(root.folder.path()).is == Finding::Is::good);
  CHECK(throttling(root.folder.path()).is == Finding::Is::good);
  CHECK(kernel(root.folder.path()).text == "nothing is known of it");

  root.write("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "performance");
  CHECK(processor_speed(root.folder.path()).is == Finding::Is::good);
  root.write("sys/devices/system/cpu/cpu1/cpufreq/scaling_governor", "powersave");
  CHECK(processor_speed(root.folder.path()).is == Finding::Is::poor);
  CHECK(processor_speed(root.folder.path()).text.ends_with("governor performance, powersave"));

  root.write("proc/sys/kernel/sched_rt_period_us", "1000000");
  root.write("proc/sys/kernel/sched_rt_runtime_us", "950000");
  CHECK(throttling(root.folder.path()).text == "real-time threads may take 95 % of the time");
  CHECK(throttling(root.folder.path()).is == Finding::Is::good);
  root.write("proc/sys/kernel/sched_rt_runtime_us", "500000");
  CHECK(throttling(root.folder.path()).is == Finding::Is::poor);
  root.write("proc/sys/kernel/sched_rt_runtime_us", "-1");
  CHECK(throttling(root.folder.path()).is == Finding::Is::good);

  root.write("proc/version", "Linux version 6.1.0-13-amd64 #1 SMP Debian");
  CHECK(kernel(root.folder.path()).is == Finding::Is::poor);
  root.write("proc/version", "Linux version 6.1.0-13-amd64 #1 SMP PREEMPT_DYNAMIC Debian");
  CHECK(kernel(root.folder.path()).is == Finding::Is::good);
  root.write("sys/kernel/realtime", "1");
  CHECK(kernel(root.folder.path()).text == "it is a real-time one");
}
