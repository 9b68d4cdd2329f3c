// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where a running patch listens.

#pragma once

#include <filesystem>
#include <string_view>

namespace perigee {

/// perigee/ in $XDG_RUNTIME_DIR, or in /run/user/UID if that is not set, or else /tmp/perigee-UID.
std::filesystem::path socket_folder();
/// NAME.sock in there. Throws SystemError when no file can be called so.
std::filesystem::path socket_path(std::string_view name);

/// Makes the folder, if it is not there, for nobody but this user; with one that belongs to somebody else, or
/// that others can get into, SystemError is thrown.
void make_socket_folder(const std::filesystem::path& folder);
/// Only the latter: whoever sends code wants to know to whom.
void check_socket_folder(const std::filesystem::path& folder);

}  // namespace perigee
