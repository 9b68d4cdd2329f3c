// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/arguments.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "script/hint.h"
#include "script/lua_value.h"
#include "script/poison.h"
#include "script/signal.h"

namespace perigee {

namespace {

/// Whether a table has anything at [1], and what. Leaves the stack as it was.
int type_of_first(lua_State* L, int index) {
  lua_rawgeti(L, index, 1);
  const int type = lua_type(L, -1);
  lua_pop(L, 1);
  return type;
}

std::size_t bytes_of(const PatchNode& node) {
  std::size_t bytes =
      sizeof node + node.inputs.size() * sizeof(Source) + node.params.size() * sizeof(Setting);
  for (const Value& value : node.fixed) {
    bytes += sizeof value;
    if (const auto* numbers = std::get_if<std::vector<double>>(&value))
      bytes += numbers->size() * sizeof(double);
    if (const auto* points = std::get_if<std::vector<Point>>(&value)) bytes += points->size() * sizeof(Point);
    if (const auto* text = std::get_if<std::string>(&value)) bytes += text->size();
  }
  return bytes;
}

double near_zero(double min, double max) { return std::clamp(0.0, min, max); }

}  // namespace

Arguments::Arguments(lua_State* L, const Kind& kind)
    : lua_(L), session_(Session::of(L)), kind_(kind), node_(session_.workshop.scratch) {
  luaL_checkstack(L, 10, "too many arguments");
  node_ = blank(*kind.spec);
  node_.where = user_place(L);
  session_.workshop.pending.clear();
}

void Arguments::feed(const Source& source) {
  const Slot* slot = kind_.first(Slot::To::input);
  if (slot == nullptr) return complain("it has no input that a signal could go to");
  claim(*slot);
  fed_ = slot;
  put(*slot, source);
}

void Arguments::read(int first) {
  const int last = lua_gettop(lua_);
  for (int index = first; index <= last; ++index) {
    while (cursor_ < kind_.positional && !kind_.slots[cursor_].many && (claimed_ >> cursor_ & 1U) != 0)
      ++cursor_;
    const Slot* slot = cursor_ < kind_.positional ? &kind_.slots[cursor_] : nullptr;
    const bool list = slot != nullptr && is_list_for(*slot, index);
    if (index == last && lua_type(lua_, index) == LUA_TTABLE)
      read_table(index, list);
    else
      next(index);
  }
  if (excess_ == 0) return;
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < kind_.positional; ++i)
    if (fed_ != &kind_.slots[i]) names.push_back(kind_.slots[i].name);
  if (names.empty())
    complain(fmt::format("it takes no arguments, not {}", excess_));
  else
    complain(fmt::format("it takes at most {} ({}), not {}", names.size(), fmt::join(names, ", "),
                         names.size() + excess_));
}

/// A table in the last place: the value of its slot, or arguments: first those with positions, then named
/// ones.
void Arguments::read_table(int index, bool list) {
  if (list) {
    next(index);
  } else {
    const auto size = static_cast<int>(lua_objlen(lua_, index));
    for (int i = 1; i <= size; ++i) {
      lua_rawgeti(lua_, index, i);
      next(lua_gettop(lua_));
      lua_pop(lua_, 1);
    }
  }
  read_named(index);
}

void Arguments::read_named(int index) {
  for (lua_pushnil(lua_); lua_next(lua_, index) != 0; lua_pop(lua_, 1)) {
    if (lua_type(lua_, -2) == LUA_TNUMBER) continue;
    if (lua_type(lua_, -2) != LUA_TSTRING) {
      complain("names of arguments are words");
      continue;
    }
    const std::string_view name = text_at(lua_, -2);
    const Slot* slot = kind_.find(name);
    if (slot != nullptr) {
      if (claim(*slot)) put_value(*slot, lua_gettop(lua_));
      continue;
    }
    std::string hint = did_you_mean(name, kind_.names());
    if (hint.empty() && !kind_.slots.empty())
      hint = fmt::format("; it has {}", fmt::join(kind_.names(), ", "));
    complain(fmt::format("there is no parameter {}{}", name, hint));
  }
}

/// The next argument that has a position.
void Arguments::next(int index) {
  while (cursor_ < kind_.positional && !kind_.slots[cursor_].many && (claimed_ >> cursor_ & 1U) != 0)
    ++cursor_;
  if (cursor_ >= kind_.positional) {
    ++excess_;
    return;
  }
  const Slot& slot = kind_.slots[cursor_];
  if (!slot.many) {
    claim(slot);
    ++cursor_;
    return put_value(slot, index);
  }
  // Any number of signals, or one list; then the slots behind.
  const bool more = cursor_ + 1 < kind_.positional;
  const int type = lua_type(lua_, index);
  if (type == LUA_TUSERDATA || (type == LUA_TNUMBER && !more)) return put_value(slot, index);
  ++cursor_;
  if (type != LUA_TTABLE && more) return next(index);
  put_value(slot, index);
}

bool Arguments::is_list_for(const Slot& slot, int index) const {
  if (lua_type(lua_, index) != LUA_TTABLE) return false;
  const int first = type_of_first(lua_, index);
  if (slot.to == Slot::To::input) return slot.many && first != LUA_TNIL && first != LUA_TTABLE;
  if (slot.to != Slot::To::fixed || first == LUA_TNIL) return false;
  switch (kind_.spec->fixed[slot.index].type) {
    case Fixed::Type::numbers:
      return first != LUA_TTABLE;
    case Fixed::Type::points: {
      if (first != LUA_TTABLE) return true;
      lua_rawgeti(lua_, index, 1);
      const int inner = type_of_first(lua_, lua_gettop(lua_));
      lua_pop(lua_, 1);
      return inner != LUA_TTABLE;
    }
    default:
      return false;
  }
}

bool Arguments::claim(const Slot& slot) {
  const std::uint64_t bit = std::uint64_t{1} << number_of(slot);
  if ((claimed_ & bit) != 0 && !slot.many) {
    complain(fmt::format("{} is given twice", slot.name));
    return false;
  }
  claimed_ |= bit;
  return true;
}

void Arguments::put(const Slot& slot, const Source& source) {
  if (session_.workshop.patch.nodes[source.node].spec->out.empty())
    return complain(fmt::format("{} gives no signal for {}",
                                session_.workshop.patch.nodes[source.node].spec->kind, slot.name));
  if (slot.to == Slot::To::param)
    node_.params[slot.index] = source;
  else if (slot.many)
    node_.inputs.push_back(source);
  else
    node_.inputs[slot.index] = source;
}

void Arguments::put(const Slot& slot, double number) {
  if (slot.to == Slot::To::param) {
    if (std::isnan(number) && std::isnan(kind_.spec->params[slot.index].initial)) {
      complain(fmt::format("{} is not a number (NaN)", slot.name));  // validation would call it missing
      number = near_zero(kind_.spec->params[slot.index].min, kind_.spec->params[slot.index].max);
    }
    node_.params[slot.index] = number;
    return;
  }
  const Kind* constant = session_.kinds.find("constant");
  if (constant == nullptr || constant->spec->params.empty())
    return complain(fmt::format("{} takes a signal, not a number", slot.name));
  PatchNode held = blank(*constant->spec);
  held.where = node_.where;
  held.params[0] = number;
  auto& nodes = session_.workshop.patch.nodes;
  nodes.push_back(std::move(held));
  session_.charge(bytes_of(nodes.back()));
  put(slot, Source{.node = static_cast<NodeId>(nodes.size() - 1)});
}

void Arguments::put_value(const Slot& slot, int index) {
  if (is_poison(lua_, index)) return put_poison(slot);
  if (slot.to == Slot::To::fixed) return put_fixed(slot, index);
  if (const Source* source = to_signal(lua_, index)) return put(slot, *source);
  const int type = lua_type(lua_, index);
  if (type == LUA_TNUMBER) return put(slot, lua_tonumber(lua_, index));
  if (type == LUA_TBOOLEAN && slot.to == Slot::To::param) return put(slot, lua_toboolean(lua_, index));
  if (type == LUA_TTABLE && slot.many) {
    const auto size = static_cast<int>(lua_objlen(lua_, index));
    for (int i = 1; i <= size; ++i) {
      lua_rawgeti(lua_, index, i);
      if (lua_type(lua_, -1) == LUA_TTABLE)
        complain(fmt::format("{} takes signals: [{}] is a table", slot.name, i));
      else
        put_value(slot, lua_gettop(lua_));
      lua_pop(lua_, 1);
    }
    return;
  }
  complain(fmt::format("{} takes a number or a signal, not {}", slot.name, in_words(lua_, index)));
  put_poison(slot);
}

/// Whatever later stages find nothing wrong with.
void Arguments::put_poison(const Slot& slot) {
  if (slot.to == Slot::To::input) {
    const Source source = stand_in(session_);
    if (source.node != kNoNode) put(slot, source);
  } else if (slot.to == Slot::To::param) {
    const Param& param = kind_.spec->params[slot.index];
    if (std::isnan(param.initial)) node_.params[slot.index] = near_zero(param.min, param.max);
  } else {
    const Fixed& fixed = kind_.spec->fixed[slot.index];
    Value& value = node_.fixed[slot.index];
    if (!fixed.required) return;
    if (fixed.type == Fixed::Type::number) value = near_zero(fixed.min, fixed.max);
    if (fixed.type == Fixed::Type::text) value = fmt::format("?{}", session_.workshop.patch.nodes.size());
    if (fixed.type == Fixed::Type::numbers) value = std::vector<double>{0};
    if (fixed.type == Fixed::Type::points) value = std::vector<Point>{{}};
  }
}

void Arguments::complain(std::string text) { session_.workshop.pending.push_back(std::move(text)); }

NodeId Arguments::finish() {
  auto& workshop = session_.workshop;
  const auto id = static_cast<NodeId>(workshop.patch.nodes.size());
  workshop.patch.nodes.push_back(std::move(node_));
  session_.charge(bytes_of(workshop.patch.nodes.back()));
  for (auto& text : workshop.pending) workshop.note(id, workshop.patch.nodes.back().where, std::move(text));
  return id;
}

}  // namespace perigee
