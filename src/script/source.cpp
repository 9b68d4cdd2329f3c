// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/source.h"

#include <fmt/format.h>

#include <stdexcept>

#include "files/plain_file.h"
#include "script/session.h"

namespace perigee {

namespace {

constexpr std::uint64_t kLargest = std::uint64_t{16} << 20U;  // bytes: some 400,000 lines

SourceFile read_source(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) throw std::runtime_error("it is a folder, not a script");
  try {
    files::PlainFile file(path);
    SourceFile source{.path = path, .text = files::read_all(file, kLargest)};
    source.changing = file.has_changed() || source.text.size() != file.size();
    return source;
  } catch (const files::Unreadable& reason) {
    throw std::runtime_error(fmt::format("it {}", reason.what()));
  }
}

}  // namespace

int load_source(lua_State* L, Session& session, const std::filesystem::path& path) {
  const std::string file = path.string(), chunk = "@" + file;
  session.files.insert(file);
  if (session.options.text) return session.compile(L, *session.options.text, chunk);
  session.sources.push_back(read_source(path));
  return session.compile(L, session.sources.back().text, chunk);
}

}  // namespace perigee
