# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packets of OSC that are mostly well made, for paths that a patch has functions for, with values that nobody means: and
some that are broken."""

import struct
import time

from bad_lines import PATHS

FLOATS = [float('nan'), float('inf'), float('-inf'), 3.4e38, -3.4e38, 1e-45, -0.0, 0.0, 0.5, 1.0, 2.0]
TEXTS = ['', 'lamp', 'x' * 3, 'x' * 4, 'x' * 5000, 'é', '/ask', '127', '\n', '%s%n', '\x01']
PARAMS = ['/perigee/level', '/perigee/knob', '/perigee/low/cutoff', '/perigee/low/q', '/perigee/nobody', '/perigee/',
          '/perigee/low/cutoff/x', '/perigee/*', '/nobody', '/hang', 'odd', '', '/' + 'x' * 300]
TYPES = 'fffiiisdhTFNIbSctmr[]Q'
LARGEST = 65000  # bytes of a datagram


def padded(data):
    return data + bytes(4 - len(data) % 4)


class Packets:
    def __init__(self, random):
        self.random = random

    def any(self):
        packet = self.packet(0)
        for _ in range(self.random.choice([0, 0, 0, 0, 1, 3])):
            packet = self.changed(packet)
        return packet[:LARGEST]

    def packet(self, depth):
        r = self.random
        if r.random() < 0.75 or depth > 9:
            return self.message()
        elements = [self.packet(depth + 1) for _ in range(r.choice([0, 1, 1, 2, 3, 30 if depth == 0 else 1]))]
        return b'#bundle\0' + self.time() + b''.join(struct.pack('>I', len(one)) + one for one in elements)

    def time(self):
        r = self.random
        ahead = r.choice([0, -1, -3600, -4e9, 0.001, 0.02, 0.1, 0.5, 1, 2, r.uniform(0, 3), 59, 61, 1e9])
        ntp = r.choice([0, 1, 2, 2**64 - 1, r.getrandbits(64)] + [int((time.time() + 2208988800 + ahead) * 2**32)] * 15)
        return struct.pack('>Q', ntp % 2**64)

    def message(self):
        r = self.random
        path = r.choice(PATHS) if r.random() < 0.75 else r.choice(PARAMS)
        count = r.choice(5 * [0, 1, 1, 2, 2, 3, 4, 6] + [17, 62, 63, 64, 65, 255, 256, 257, r.randrange(300)])
        if r.random() < 0.002:
            return padded(path.encode()) + padded(b',' + r.choice([b'T', b'F', b'N', b'T[']) * r.choice([8000, 20000, 40000]))
        types = ''.join(r.choice(TYPES if count < 10 else 'fiTFN') for _ in range(count))
        return padded(path.encode()) + padded(b',' + types.encode()) + b''.join(self.value(one) for one in types)

    def value(self, type_):
        r = self.random
        if type_ == 'f':
            return struct.pack('>f', r.choice(FLOATS) if r.random() < 0.5 else r.uniform(-2, 130))
        if type_ == 'd':
            return struct.pack('>d', r.choice(FLOATS + [1e308, -1e308, 5e-324]))
        if type_ in 'ht':
            return struct.pack('>Q', r.getrandbits(64) >> r.randrange(64))
        if type_ in 'icrm':
            return struct.pack('>I', r.choice([0, 1, 60, 127, 2**31, 2**31 - 1, 2**32 - 1, r.getrandbits(32)]))
        if type_ in 'sS':
            return padded(r.choice(TEXTS).encode())
        if type_ == 'b':
            size = r.choice([0, 1, 3, 4, 5, 1000])
            return struct.pack('>I', r.choice([size, size, size, size + 1, 2**31, 2**32 - 1])) + bytes(size + -size % 4)
        return b''

    def changed(self, packet):
        r = self.random
        at = r.randrange(len(packet) + 1)
        word = struct.pack('>I', r.getrandbits(32) >> r.randrange(32))
        return r.choice([
            packet[:at], packet[:at] + word + packet[at:], packet[:at] + word + packet[at + 4:], packet + bytes(r.randrange(8)),
            packet[:at] + bytes([r.randrange(256)]) + packet[at + 1:], r.randbytes(r.randrange(64)),
        ])
