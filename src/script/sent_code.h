// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Code that is sent to the script that plays: it runs in the same state, and adds to the patch or redefines.

#pragma once

#include "script/moment.h"
#include "script/session.h"

namespace perigee {

/// On the script's thread. `playing` is the patch of that moment. After a mistake all globals are what they
/// were before; what tables hold is not looked at. Else the copy of them stays, until drop_copy or
/// put_back_copy.
void run_code(Session& session, const Code& code, const Patch& playing, const Moment& moment, Loaded& result);

}  // namespace perigee
