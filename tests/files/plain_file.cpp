// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "files/plain_file.h"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

#include "support/temporary.h"

using namespace perigee;
using namespace perigee::test;

namespace {

std::string refusal(const std::filesystem::path& path, std::uint64_t most = 1000) {
  try {
    return "all: " + files::read_all(path, most);
  } catch (const files::Unreadable& reason) {
    return reason.what();
  }
}

}  // namespace

TEST_CASE("what is no plain file is told at once, by what it is") {
  const TemporaryFolder folder;
  REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK(refusal(folder / "pipe") == "is a pipe, not a plain file");
  CHECK(refusal(folder.path()) == "is a folder, not a plain file");
  CHECK(refusal("/dev/zero") == "is a device, not a plain file");
  CHECK(refusal("/dev/null") == "is a device, not a plain file");
  CHECK(refusal("/proc/self/maps") == "is made up by the kernel, not a plain file");
  CHECK(refusal(folder / "none") == "cannot be read: No such file or directory");
  CHECK(refusal(std::string("a\0b", 3)) == "cannot be read: its name holds a NUL");
  std::filesystem::create_symlink(folder / "loop", folder / "loop");
  CHECK(refusal(folder / "loop").starts_with("cannot be read: "));
  std::filesystem::create_symlink("/dev/zero", folder / "link");
  CHECK(refusal(folder / "link") == "is a device, not a plain file");

  const int listens = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  const std::string name = folder / "socket";
  REQUIRE(name.size() < sizeof address.sun_path);
  std::strncpy(address.sun_path, name.c_str(), sizeof address.sun_path - 1);
  REQUIRE(bind(listens, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  CHECK(refusal(name) == "is a socket, not a plain file");
  close(listens);
}

TEST_CASE("a file is read whole up to the size that it may have; a larger one is not read at all") {
  const TemporaryFolder folder;
  std::ofstream(folder / "text") << std::string(1000, 'x');
  CHECK(refusal(folder / "text") == "all: " + std::string(1000, 'x'));
  CHECK(refusal(folder / "text", 999) == "is larger than 999 bytes");
  std::ofstream(folder / "sparse") << "x";
  std::filesystem::resize_file(folder / "sparse", std::uintmax_t{1} << 40U);
  CHECK(refusal(folder / "sparse", std::uint64_t{16} << 20U) == "is larger than 16 MiB");
  std::ofstream(folder / "empty").flush();
  CHECK(refusal(folder / "empty") == "all: ");
}

TEST_CASE("a file is read in parts, from anywhere") {
  const TemporaryFolder folder;
  std::ofstream(folder / "text") << "0123456789";
  files::PlainFile file(folder / "text");
  CHECK(file.size() == 10);
  char part[4];
  CHECK(file.read(part) == 4);
  file.seek(8);
  CHECK(file.read(part) == 2);
  CHECK(std::string(part, 2) == "89");
  CHECK(file.place() == 10);
  CHECK(file.read(part) == 0);
}
