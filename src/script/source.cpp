// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/source.h"

#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <stdexcept>
#include <system_error>

#include "script/session.h"

namespace perigee {

namespace {

constexpr std::size_t kLargest = std::size_t{16} << 20U;  // bytes: some 400,000 lines

std::string read_text(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) throw std::runtime_error("it is a folder, not a script");
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file)
    throw std::runtime_error(fmt::format("it cannot be read: {}", std::system_category().message(errno)));
  std::string text;
  for (char part[65536]; file; text.append(part, static_cast<std::size_t>(file.gcount()))) {
    if (text.size() > kLargest) throw std::runtime_error("it is larger than 16 MiB");
    file.read(part, sizeof part);
  }
  return text;
}

}  // namespace

int load_source(lua_State* L, Session& session, const std::filesystem::path& path) {
  const std::string text = session.options.text ? *session.options.text : read_text(path);
  const std::string file = path.string(), chunk = "@" + file;
  session.files.insert(file);
  return session.compile(L, text, chunk);
}

}  // namespace perigee
