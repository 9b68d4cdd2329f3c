// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The kinds of node as a script calls them: each argument's name and place, from the declaration.

#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "node/spec.h"

namespace perigee {

/// What one argument of a call goes to.
struct Slot {
  enum class To : std::uint8_t { input, param, fixed };
  To to = To::input;
  std::size_t index = 0;  ///< into Spec::in, params or fixed
  std::string_view name;
  bool many = false;  ///< an input that takes any number of wires
};

struct Kind {
  const Spec* spec = nullptr;
  std::vector<Slot> slots;     ///< first those that have a position, in that order
  std::size_t positional = 0;  ///< how many have one

  const Slot* find(std::string_view name) const;
  const Slot* first(Slot::To to) const;  ///< the first argument of a sort, or nullptr
  std::vector<std::string_view> names() const;
};

class Kinds {
 public:
  explicit Kinds(std::span<const Spec* const> specs);
  const Kind* find(std::string_view name) const;
  const Kind& of(const Spec* spec) const { return *find(spec->kind); }
  const std::vector<Kind>& all() const { return all_; }
  std::vector<std::string_view> names() const;

 private:
  std::vector<Kind> all_;
  std::map<std::string_view, std::size_t> by_name_;
};

}  // namespace perigee
