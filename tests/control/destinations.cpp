// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/destinations.h"

#include <doctest/doctest.h>

#include <fstream>

#include "support/temporary.h"

using namespace perigee;
using namespace perigee::test;

namespace {

struct Shelf {
  Shelf() {
    std::filesystem::create_directory(folder / "sub");
    for (const char* name : {"there.wav", "other.wav"}) std::ofstream(folder / name) << name;
    std::filesystem::create_symlink("there.wav", folder / "soft.wav");
    std::filesystem::create_hard_link(folder / "there.wav", folder / "hard.wav");
    std::filesystem::create_symlink("new.wav", folder / "dangling.wav");
    std::filesystem::create_symlink("sub", folder / "same");
  }
  TemporaryFolder folder;
};

}  // namespace

TEST_CASE("a file is one, however it is called") {
  const Shelf shelf;
  const auto alike = [&](const std::string& one, const std::string& other) {
    Destinations destinations;
    destinations.write(shelf.folder / one);
    try {
      destinations.write(shelf.folder / other);
    } catch (const Occupied& error) {
      CHECK(std::string(error.what()).find("where another output goes") != std::string::npos);
      return true;
    }
    return false;
  };
  for (const char* name :
       {"there.wav", "soft.wav", "hard.wav", "./there.wav", "sub/../there.wav", "same/../there.wav"})
    CHECK_MESSAGE(alike("there.wav", name), name);
  for (const char* name : {"new.wav", "dangling.wav", "sub/../new.wav", ".//new.wav"})
    CHECK_MESSAGE(alike("new.wav", name), name);
  CHECK(alike("sub/new.wav", "same/new.wav"));
  CHECK(alike("no/such/new.wav", "no/such/../such/new.wav"));
  CHECK_FALSE(alike("there.wav", "other.wav"));
  CHECK_FALSE(alike("there.wav", "new.wav"));
  CHECK_FALSE(alike("new.wav", "sub/new.wav"));
}

TEST_CASE("what is read is not written, and the mistake says what it is") {
  const Shelf shelf;
  Destinations destinations;
  destinations.read(shelf.folder / "there.wav", "an input");
  CHECK_THROWS_WITH_AS(destinations.write(shelf.folder / "hard.wav"),
                       doctest::Contains("hard.wav: it is an input, "), Occupied);
  CHECK_NOTHROW(destinations.write(shelf.folder / "other.wav"));
  // Several may be thrown away.
  CHECK_NOTHROW(destinations.write("/dev/null"));
  CHECK_NOTHROW(destinations.write("/dev/null"));
}
