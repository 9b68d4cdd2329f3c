// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A copy of the globals before code that is sent, of a state that is at rest.

#pragma once

namespace perigee {

class Session;

/// False if there is no memory for it.
bool copy_globals(Session& session);
/// The code is part of what plays.
void drop_copy(Session& session);
/// It is not: globals are what they were before it.
void put_back_copy(Session& session);

}  // namespace perigee
