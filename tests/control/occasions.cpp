// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/occasions.h"

#include <doctest/doctest.h>

using namespace perigee;

namespace {

using Values = std::vector<PlainValue>;

}  // namespace

TEST_CASE("a key that is released has velocity 0, however fast it was let go") {
  const MidiBinding port{.name = "keys"};
  const Occasion released =
      occasion_of(port, Message{.what = Message::What::note_off, .channel = 15, .key = 60, .value = 0.5F});
  CHECK(released.name == "midi keys note");
  CHECK(released.values == Values{60.0, 0.0, 16.0});
}

TEST_CASE("a message of OSC keeps its values at their places") {
  const Occasion occasion =
      occasion_of(OscMessage{.path = "/fader/1", .values = {1.5, {}, "on", 0.0, ""}, .when = {}});
  CHECK(occasion.name == "osc /fader/1");
  CHECK(occasion.values == Values{1.5, "", "on", 0.0, ""});
}

TEST_CASE("ports come and go, wires are joined and parted") {
  using What = PortChange::What;
  const auto check = [](What what, const std::string& name, const Values& values) {
    const Occasion occasion = occasion_of(PortChange{.what = what, .port = "a:out", .other = "b:in"});
    CHECK(occasion.name == name);
    CHECK(occasion.values == values);
  };
  check(What::came, "jack port", {"a:out", true});
  check(What::went, "jack port", {"a:out", false});
  check(What::joined, "jack connection", {"a:out", "b:in", true});
  check(What::parted, "jack connection", {"a:out", "b:in", false});
}
