// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>

#include "support/command.h"

using namespace perigee::test;

TEST_CASE("doctor tells each finding, and its exit code is whether any is bad") {
  const Ended ended = run_perigee({"doctor"});
  CAPTURE(ended.text);
  for (const char* what :
       {"priority", "memory", "wake-ups", "kernel", "real-time share", "processor", "server", "sockets"})
    CHECK(ended.text.find(std::string(" ") + what + ": ") != std::string::npos);
  const bool is_bad = ended.text.find("\nbad ") != std::string::npos;
  CHECK(ended.code == (is_bad ? 3 : 0));
  CHECK((ended.text.find("not fit for real time") != std::string::npos) == is_bad);
}
