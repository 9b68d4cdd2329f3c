# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""A score: the file of OSC bundles that scsynth and supernova render from."""

import struct


def message(address, *arguments):
    tags, values = ',', b''
    for one in arguments:
        if isinstance(one, str):
            tags, values = tags + 's', values + _text(one)
        elif isinstance(one, float):
            tags, values = tags + 'f', values + struct.pack('>f', one)
        else:
            tags, values = tags + 'i', values + struct.pack('>i', one)
    return _text(address) + _text(tags) + values


def score(messages, seconds):
    """Everything at the beginning, in bundles of one: scsynth takes none of more than 8 kB. The end is the time of the
    last bundle, whose message means nothing."""
    return b''.join([*(_bundle(0, one) for one in messages), _bundle(seconds, message('/c_set', 0, 0.0))])


def _bundle(seconds, content):
    bundle = b'#bundle\0' + struct.pack('>Q', round(seconds * 2 ** 32)) + struct.pack('>i', len(content)) + content
    return struct.pack('>i', len(bundle)) + bundle


def _text(text):
    return text.encode('ascii') + b'\0' * (4 - len(text) % 4)
