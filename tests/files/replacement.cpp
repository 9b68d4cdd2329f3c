// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "files/replacement.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "support/temporary.h"

using namespace perigee::test;
using perigee::files::Replacement;

namespace {

void put(const std::filesystem::path& path, const std::string& text) { std::ofstream(path) << text; }

std::string content(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

void put(const Replacement& file, const std::string& text) {
  REQUIRE(write(file.descriptor(), text.data(), text.size()) == static_cast<ssize_t>(text.size()));
}

std::size_t files_in(const TemporaryFolder& folder) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder.path()), {}));
}

mode_t mode_of(const std::filesystem::path& path) {
  struct stat found = {};
  REQUIRE(stat(path.c_str(), &found) == 0);
  return found.st_mode & 07777U;
}

}  // namespace

TEST_CASE("what was there stays until it is replaced, and if it is not, nothing else stays") {
  const TemporaryFolder folder;
  put(folder / "a", "old");
  {
    const Replacement file(folder / "a");
    put(file, "half");
    CHECK(content(folder / "a") == "old");
  }
  CHECK(content(folder / "a") == "old");
  CHECK(files_in(folder) == 1);
  Replacement file(folder / "a");
  put(file, "new");
  file.take_place();
  CHECK(content(folder / "a") == "new");
  CHECK(files_in(folder) == 1);
}

TEST_CASE("permissions are those of what is replaced, and of a new file those that are usual") {
  const TemporaryFolder folder;
  put(folder / "a", "old");
  for (const mode_t mode : {0600U, 0640U, 0755U}) {
    chmod((folder / "a").c_str(), mode);
    Replacement file(folder / "a");
    file.take_place();
    CHECK(mode_of(folder / "a") == mode);
  }
  put(folder / "usual", "");
  Replacement file(folder / "b");
  file.take_place();
  CHECK(mode_of(folder / "b") == mode_of(folder / "usual"));
}

TEST_CASE("links stay links, also to where nothing is yet") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "sub");
  put(folder / "sub/target", "old");
  std::filesystem::create_symlink("sub/target", folder / "a");
  std::filesystem::create_symlink("a", folder / "b");
  std::filesystem::create_symlink(folder / "sub/none", folder / "c");
  for (const char* name : {"b", "c"}) {
    Replacement file(folder / name);
    put(file, "new");
    file.take_place();
    CHECK(std::filesystem::is_symlink(folder / name));
    CHECK(content(folder / name) == "new");
  }
  CHECK(content(folder / "sub/target") == "new");
  CHECK(content(folder / "sub/none") == "new");
  std::filesystem::create_symlink("loop", folder / "loop");
  CHECK_THROWS_AS(Replacement(folder / "loop"), std::runtime_error);
}

TEST_CASE("what is not whole replaces nothing") {
  const TemporaryFolder folder;
  const auto keep = [&](const std::string& text) {
    Replacement file(folder / "a.wav");
    put(file, text);
    return file.take_any_place();
  };
  CHECK(keep("1") == folder / "a.wav");
  CHECK(keep("2") == folder / "a.partial.wav");
  CHECK(keep("3") == folder / "a.partial-2.wav");
  CHECK(content(folder / "a.wav") + content(folder / "a.partial.wav") + content(folder / "a.partial-2.wav") ==
        "123");
  Replacement other(folder / "a.wav");
  CHECK_FALSE(other.take_free_place());
  CHECK(content(folder / "a.wav") == "1");
}

TEST_CASE("devices are written at once; folders and pipes are refused") {
  const TemporaryFolder folder;
  std::filesystem::create_symlink("/dev/null", folder / "null");
  {
    Replacement file(folder / "null");
    put(file, "gone");
    CHECK(file.is_device());
    file.take_place();
    CHECK(file.take_any_place() == folder / "null");
  }
  CHECK(std::filesystem::is_character_file("/dev/null"));
  REQUIRE(mkfifo((folder / "fifo").c_str(), 0600) == 0);
  CHECK_THROWS_WITH_AS(Replacement(folder / "fifo"), doctest::Contains("is not a plain file"),
                       std::runtime_error);
  CHECK_THROWS_WITH_AS(Replacement(folder.path()), doctest::Contains("is a folder"), std::runtime_error);
  CHECK_THROWS_WITH_AS(Replacement(folder / "no/such"), doctest::Contains("No such file or directory"),
                       std::runtime_error);
  CHECK(files_in(folder) == 2);
}
