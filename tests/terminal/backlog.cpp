// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "terminal/backlog.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <string>

using namespace perigee::console;

namespace {

struct Pipe {
  Pipe() { REQUIRE(pipe(ends) == 0); }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close(ends[0]);
    if (ends[1] >= 0) close(ends[1]);
  }
  /// Reads until what was read ends so.
  std::string read_until(const std::string& end) const {
    std::string text;
    char part[4096];
    while (!text.ends_with(end)) {
      const auto got = read(ends[0], part, sizeof part);
      if (got <= 0) break;
      text.append(part, static_cast<std::size_t>(got));
    }
    return text;
  }
  int ends[2] = {-1, -1};
};

}  // namespace

TEST_CASE("what is taken is written whole and in order") {
  const Pipe pipe;
  const auto backlog = Backlog::start();
  std::string all;
  for (int i = 0; i < 1000; ++i) {
    const std::string line = fmt::format("{}\n", i);
    backlog->add(pipe.ends[1], line);
    all += line;
  }
  CHECK(pipe.read_until("999\n") == all);
}

TEST_CASE("a reader who sleeps holds nobody up, and is told of what was lost where it was lost") {
  const Pipe pipe;
  const auto backlog = Backlog::start();
  const std::string line = std::string(999, 'x') + "\n";
  // Ten times what there is room for; that this comes to its end is the point.
  const auto lines = 10 * Backlog::kMost / line.size();
  for (std::size_t i = 0; i < lines; ++i) backlog->add(pipe.ends[1], line);
  backlog->drain(std::chrono::milliseconds(1));
  const std::string text = pipe.read_until(" lost here: nobody took them\n");
  const auto at = text.rfind("perigee: ");
  REQUIRE(at != std::string::npos);
  CHECK(at % line.size() == 0);
  CHECK(at / line.size() + std::stoul(text.substr(at + 9)) == lines);
  backlog->add(pipe.ends[1], "and on\n");
  CHECK(pipe.read_until("\n") == "and on\n");
}

TEST_CASE("what nobody reads, and no disk takes, is gone") {
  Pipe pipe;
  const auto backlog = Backlog::start();
  const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
  for (int i = 0; i < 100; ++i) backlog->add(full, "lost\n");
  backlog->add(pipe.ends[1], "found\n");
  CHECK(pipe.read_until("\n") == "found\n");
  close(full);
  backlog->drain(std::chrono::milliseconds(10000));
}
