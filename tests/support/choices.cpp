// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "support/choices.h"

#include <algorithm>

namespace perigee::test {

std::uint32_t Choices::below(std::uint32_t end) {
  std::uint32_t one = 0;
  if (is_random_)
    one = static_cast<std::uint32_t>(random_() % end);
  else if (made_.size() < given_.size())
    one = std::min(given_[made_.size()], end - 1);
  made_.push_back(one);
  return one;
}

Choices::List simplest(Choices::List failing, const std::function<bool(const Choices::List&)>& fails,
                       int attempts) {
  const auto improves = [&](const Choices::List& list) {
    if (attempts <= 0 || list == failing) return false;
    --attempts;
    if (!fails(list)) return false;
    failing = list;
    return true;
  };
  for (bool better = true; better && attempts > 0;) {
    better = false;
    // Without a part, from large parts to single choices; from the end, as what comes later depends on more.
    for (std::size_t length = std::max<std::size_t>(failing.size() / 2, 1); length > 0; length /= 2) {
      for (std::size_t at = failing.size(); at > 0 && attempts > 0; --at) {
        if (at < length || at > failing.size()) continue;
        Choices::List list = failing;
        const auto first = list.begin() + static_cast<std::ptrdiff_t>(at - length);
        list.erase(first, first + static_cast<std::ptrdiff_t>(length));
        if (improves(list)) better = true;
      }
    }
    for (std::size_t i = 0; i < failing.size() && attempts > 0; ++i) {
      for (const std::uint32_t smaller : {0U, failing[i] / 2, failing[i] - 1}) {
        if (smaller >= failing[i]) continue;
        Choices::List list = failing;
        list[i] = smaller;
        if (improves(list)) {
          better = true;
          break;
        }
      }
    }
  }
  return failing;
}

}  // namespace perigee::test
