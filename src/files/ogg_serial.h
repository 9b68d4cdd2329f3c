// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

namespace perigee::files {

/// Gives all pages of an Ogg file with one stream (RFC 3533) the same number in place of the random one that
/// libsndfile gives it, so that the same sound makes the same file. False if it cannot be read or written.
bool set_ogg_serial(int descriptor);

}  // namespace perigee::files
