# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes Lua files into a C++ file: embed.py OUTPUT FOLDER FILE..."""

import os
import sys

output, folder, files = sys.argv[1], sys.argv[2], sys.argv[3:]
with open(output, "w", encoding="utf-8") as out:
    out.write('#include "script/embedded.h"\n\nnamespace perigee {\n\n')
    out.write("std::span<const Embedded> embedded_lua() {\n  static constexpr Embedded kFiles[] = {\n")
    for name in files:
        with open(name, encoding="utf-8") as lua:
            text = lua.read()
        assert ')lua"' not in text, name
        out.write('      {"%s", R"lua(%s)lua"},\n' % (os.path.relpath(name, folder), text))
    out.write("  };\n  return kFiles;\n}\n\n}  // namespace perigee\n")
