// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "node/spec.h"

namespace {

using namespace perigee;

constexpr Port in[] = {{.name = "in", .doc = "signals", .many = true}};
constexpr Port out[] = {{"out", "all their lanes, in order"}};

class Join final : public Node {
 public:
  explicit Join(const Setup&) {}

  void process(const Block& io) noexcept override {
    unsigned to = 0;
    for (const Signal& in : io.in)
      for (unsigned lane = 0; lane < in.lanes; ++lane) std::copy_n(in[lane], io.frames, io.out[0][to++]);
  }
  void reset() noexcept override {}
};

unsigned lanes(const Setup& setup) {
  unsigned all = 0;
  for (const unsigned n : setup.in_lanes) all += n;
  return all;
}

}  // namespace

PERIGEE_NODE(join) = {
    .kind = "join",
    .group = "level and routing",
    .doc = "bundles signals: the lanes of the first, then of the second …",
    .in = in,
    .out = out,
    .make = make<Join>,
    .lanes = lanes,
    .any_lanes = true,
};
