# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""OSC, in which scsynth and supernova are spoken to; and a score: the file of bundles that they render from."""

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


def bundle(messages):
    """All at once, as soon as it is there."""
    return b''.join([b'#bundle\0', struct.pack('>Q', 1), *(struct.pack('>i', len(one)) + one for one in messages)])


def received(data):
    """The address of a message, and those of its arguments that are integers."""
    address, at = _read_text(data, 0)
    tags, at = _read_text(data, at)
    integers = []
    for tag in tags[1:]:
        if tag == 's':
            _, at = _read_text(data, at)
            continue
        if tag == 'i':
            integers.append(struct.unpack_from('>i', data, at)[0])
        at += 8 if tag == 'd' else 4
    return address, integers


def score(messages, seconds):
    """Everything at the beginning, in bundles of one: scsynth takes none of more than 8 kB. The end is the time of the
    last bundle, whose message means nothing."""
    return b''.join([*(_bundle(0, one) for one in messages), _bundle(seconds, message('/c_set', 0, 0.0))])


def _bundle(seconds, content):
    bundle = b'#bundle\0' + struct.pack('>Q', round(seconds * 2 ** 32)) + struct.pack('>i', len(content)) + content
    return struct.pack('>i', len(bundle)) + bundle


def _text(text):
    return text.encode('ascii') + b'\0' * (4 - len(text) % 4)


def _read_text(data, at):
    """And where it ends."""
    end = data.index(b'\0', at)
    return data[at:end].decode('ascii'), end + 4 - (end - at) % 4
