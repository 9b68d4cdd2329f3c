// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/budget.h"

#include <doctest/doctest.h>

#include <fstream>

#include "support/temporary.h"

using namespace perigee;
using namespace perigee::test;

namespace {

/// A machine of 8 GiB whose files are ours.
struct Machine {
  TemporaryFolder root;

  Machine() { file("proc/meminfo", "MemTotal:        8388608 kB\nMemFree:         1234 kB\n"); }
  void file(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((root / name).parent_path());
    std::ofstream(root / name) << text;
  }
  void mounts(const std::string& text) const { file("proc/self/mountinfo", text); }
  std::uint64_t mib() const { return memory_there_is(root.path()).count() >> 20U; }
};

constexpr const char* kUnified =
    "25 1 0:22 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";

}  // namespace

TEST_CASE("without groups there is what the machine has") {
  Machine machine;
  CHECK(machine.mib() == 8192);
  machine.file("proc/self/cgroup", "0::/\n");
  machine.mounts("1 0 8:1 / / rw - ext4 /dev/sda rw\n");
  CHECK(machine.mib() == 8192);
}

TEST_CASE("the least limit up the hierarchy counts") {
  Machine machine;
  machine.mounts(kUnified);
  machine.file("proc/self/cgroup", "0::/user.slice/session/app\n");
  machine.file("sys/fs/cgroup/user.slice/session/app/memory.max", "max\n");
  CHECK(machine.mib() == 8192);
  machine.file("sys/fs/cgroup/user.slice/memory.max", "1073741824\n");
  CHECK(machine.mib() == 1024);
  machine.file("sys/fs/cgroup/user.slice/session/memory.max", "536870912\n");
  CHECK(machine.mib() == 512);
  machine.file("sys/fs/cgroup/user.slice/session/app/memory.high", "268435456\n");
  CHECK(machine.mib() == 256);
  machine.file("sys/fs/cgroup/user.slice/session/app/memory.max", "99999999999999\n");
  CHECK(machine.mib() == 256);
}

TEST_CASE("so it does in the first version's hierarchies") {
  Machine machine;
  machine.mounts(
      "31 25 0:27 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"
      "32 25 0:28 / /sys/fs/cgroup/memory rw shared:9 - cgroup cgroup rw,memory\n");
  machine.file("proc/self/cgroup", "4:memory:/a/b\n1:cpu:/c\n0::/\n");
  machine.file("sys/fs/cgroup/memory/a/b/memory.limit_in_bytes", "9223372036854771712\n");
  machine.file("sys/fs/cgroup/cpu/c/memory.limit_in_bytes", "1048576\n");
  CHECK(machine.mib() == 8192);
  machine.file("sys/fs/cgroup/memory/a/memory.limit_in_bytes", "2147483648\n");
  CHECK(machine.mib() == 2048);
}

TEST_CASE("a container sees its own part of the hierarchy") {
  Machine machine;
  machine.mounts("25 1 0:22 /docker/x /sys/fs/cgroup ro - cgroup2 cgroup2 rw\n");
  machine.file("sys/fs/cgroup/memory.max", "1073741824\n");
  for (const char* own : {"0::/docker/x\n", "0::/\n", "0::/docker/x/inner\n", "0::/../elsewhere\n"}) {
    CAPTURE(own);
    machine.file("proc/self/cgroup", own);
    CHECK(machine.mib() == 1024);
  }
}

TEST_CASE("on this machine there is something") {
  CHECK(usual_budget() > Bytes(16 << 20));
  CHECK(usual_budget() < Bytes::all_there_are());
}
