# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""A SynthDef, as the bytes of a .scsyndef file: version 2 of SuperCollider's Synth Definition File Format."""

import struct

SCALAR, CONTROL, AUDIO = 0, 1, 2
MULTIPLY = 2  # BinaryOpUGen's special index


class SynthDef:
    """UGens in the order in which they run. A signal is a pair of a UGen's index and of its output."""

    def __init__(self, name, **params):
        self.name = name
        self._params = params
        self._constants = {}
        self._ugens = []
        self._controls = {}
        if params:
            self._controls = dict(zip(params, self.ugen('Control', [], rate=CONTROL, outputs=len(params))))

    def __getitem__(self, param):
        return self._controls[param]

    def ugen(self, kind, inputs, rate=AUDIO, outputs=1, special=0):
        """Numbers among the inputs become constants. Gives the list of its outputs."""
        wires = b''.join(struct.pack('>ii', *self._wire(one)) for one in inputs)
        self._ugens.append(_text(kind) + struct.pack('>biih', rate, len(inputs), outputs, special) + wires +
                           bytes([rate]) * outputs)
        return [(len(self._ugens) - 1, output) for output in range(outputs)]

    def times(self, signal, factor):
        return self.ugen('BinaryOpUGen', [signal, factor], special=MULTIPLY)[0]

    def sum(self, signals):
        """As sclang adds many: four at a time, so that few are kept."""
        total, rest = signals[0], signals[1:]
        while rest:
            some, rest = rest[:3], rest[3:]
            kind = {1: 'BinaryOpUGen', 2: 'Sum3', 3: 'Sum4'}[len(some)]
            total = self.ugen(kind, [total, *some])[0]
        return total

    def out(self, bus, *signals, kind='Out'):
        self.ugen(kind, [bus, *signals], outputs=0)

    def bytes(self):
        constants, params = list(self._constants), self._params
        parts = [b'SCgf', struct.pack('>ih', 2, 1), _text(self.name),
                 struct.pack(f'>i{len(constants)}f', len(constants), *constants),
                 struct.pack(f'>i{len(params)}f', len(params), *params.values()), struct.pack('>i', len(params))]
        parts += [_text(param) + struct.pack('>i', index) for index, param in enumerate(params)]
        parts += [struct.pack('>i', len(self._ugens)), *self._ugens, struct.pack('>h', 0)]  # and no variants
        return b''.join(parts)

    def _wire(self, one):
        if isinstance(one, tuple):
            return one
        return -1, self._constants.setdefault(float(one), len(self._constants))


def _text(text):
    return bytes([len(text)]) + text.encode('ascii')
