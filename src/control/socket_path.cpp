// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/socket_path.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "drivers/driver.h"

namespace perigee {

namespace {

[[noreturn]] void fail(const std::filesystem::path& path, std::string_view what) {
  throw SystemError(fmt::format("{}: {}", path.string(), what));
}

}  // namespace

std::filesystem::path socket_folder() {
  const char* given = std::getenv("XDG_RUNTIME_DIR");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  if (given != nullptr && *given == '/') return std::filesystem::path(given) / "perigee";
  const std::filesystem::path usual = fmt::format("/run/user/{}", geteuid());
  if (access(usual.c_str(), W_OK | X_OK) == 0) return usual / "perigee";
  return fmt::format("/tmp/perigee-{}", geteuid());
}

std::filesystem::path socket_path(std::string_view name) {
  if (name.empty() || name.find('/') != std::string_view::npos || name.find('\0') != std::string_view::npos)
    throw SystemError(fmt::format("\"{}\" cannot be the name of a socket: it must be a file's name", name));
  auto path = socket_folder() / fmt::format("{}.sock", name);
  if (path.string().size() >= sizeof(sockaddr_un::sun_path))
    fail(path, fmt::format("the name of a socket has at most {} bytes: choose a shorter one with -n",
                           sizeof(sockaddr_un::sun_path) - 1));
  return path;
}

void make_socket_folder(const std::filesystem::path& folder) {
  if (mkdir(folder.c_str(), S_IRWXU) != 0 && errno != EEXIST)
    fail(folder, fmt::format("it cannot be made: {}", std::generic_category().message(errno)));
  check_socket_folder(folder);
}

void check_socket_folder(const std::filesystem::path& folder) {
  struct stat found = {};
  if (lstat(folder.c_str(), &found) != 0) fail(folder, std::generic_category().message(errno));
  if (!S_ISDIR(found.st_mode)) fail(folder, "it is no folder");
  if (found.st_uid != geteuid()) fail(folder, "it belongs to another user");
  if ((found.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    fail(folder, "others can get into it: chmod 700 makes it yours alone");
}

}  // namespace perigee
