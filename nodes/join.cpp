// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <algorithm>
#include <climits>
#include <cstdint>

#include "node/spec.h"

namespace {

using namespace perigee;

constexpr Port in[] = {{.name = "in", .doc = "signals", .many = true}};
constexpr Port out[] = {{"out", "all their lanes, in order"}};

class Join final : public Node {
 public:
  explicit Join(const Setup&) {}

  void process(const Block& io) noexcept override {
    std::size_t input = 0;
    unsigned from = 0;
    for (unsigned lane = 0; lane < io.out[0].lanes; ++lane, ++from) {
      if (from == io.in[input].lanes) ++input, from = 0;
      std::copy_n(io.in[input][from], io.frames, io.out[0][lane]);
    }
  }
  void reset() noexcept override {}
};

unsigned lanes(const Setup& setup) {
  std::uint64_t all = 0;
  for (const unsigned n : setup.in_lanes) all += n;
  return static_cast<unsigned>(std::min<std::uint64_t>(all, UINT_MAX));
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
