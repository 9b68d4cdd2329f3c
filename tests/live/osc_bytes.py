# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bytes of OSC, as the specification has them."""

import struct


def text(words):
    data = words.encode()
    return data + bytes(4 - len(data) % 4)


def message(path, types, *values):
    """Numbers by their type, texts as text() makes them; T and F have no value."""
    left = [one for one in types if one not in 'TF']
    return text(path) + text(',' + types) + b''.join(
        value if one == 's' else struct.pack('>' + one, value) for one, value in zip(left, values))


def bundle(when, *elements):
    ntp = 1 if when is None else int((when + 2208988800) * 2**32)
    return b'#bundle\0' + struct.pack('>Q', ntp) + b''.join(struct.pack('>I', len(one)) + one for one in elements)
