// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "node/nearest.h"

#include <algorithm>
#include <cctype>
#include <vector>

namespace perigee {

namespace {

bool same_letters(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

}  // namespace

unsigned edit_distance(std::string_view a, std::string_view b) {
  // Optimal string alignment: three rows of the usual table.
  std::vector<unsigned> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (unsigned j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = static_cast<unsigned>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const unsigned change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

std::string_view nearest(std::string_view word, std::span<const std::string_view> names) {
  if (word.size() > 64) return {};
  std::string_view best;
  // Short words are near to too many: there the first letter has to be right.
  const bool brief = word.size() < 4;
  unsigned least = word.size() < 3 ? 0 : std::max(1U, static_cast<unsigned>(word.size() / 4));
  for (const std::string_view name : names) {
    if (name.empty() || name == word || name.size() > 64 ||
        (brief && std::tolower(static_cast<unsigned char>(name[0])) !=
                      std::tolower(static_cast<unsigned char>(word[0]))))
      continue;
    const unsigned distance = same_letters(word, name) ? 0 : edit_distance(word, name);
    if (distance > least || (distance == least && !best.empty())) continue;
    best = name;
    least = distance;
  }
  return best;
}

}  // namespace perigee
