// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/draft.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "patch/spillover.h"
#include "patch/validate.h"
#include "script/lua_value.h"
#include "script/poison.h"
#include "script/position.h"
#include "script/signal.h"

namespace perigee {

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

Source add_number(Session& session, std::string_view kind, double number, const Place& where) {
  const Kind* const found = session.kinds.find(kind);
  if (found == nullptr || found->spec->params.empty())
    throw std::runtime_error("it takes a signal, not a number");
  PatchNode held = blank(*found->spec);
  held.where = where;
  held.params[0] = number;
  auto& nodes = session.workshop.patch.nodes;
  nodes.push_back(std::move(held));
  session.charge(bytes_of(nodes.back()));
  return {.node = static_cast<NodeId>(nodes.size() - 1)};
}

namespace {

double near_zero(double min, double max) { return std::clamp(0.0, min, max); }

}  // namespace

Draft::Draft(lua_State* L, const Kind& kind)
    : lua_(L), session_(Session::of(L)), kind_(kind), node_(session_.workshop.scratch) {
  luaL_checkstack(L, 10, "too many arguments");
  if (in_task(session_)) luaL_error(L, "nodes are made while the patch loads, not in a loop or callback");
  node_ = blank(*kind.spec);
  node_.where = user_place(L);
  session_.workshop.pending.clear();
}

void Draft::put(const Slot& slot, const Source& source) {
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

void Draft::put(const Slot& slot, double number) {
  if (slot.to == Slot::To::param) {
    if (std::isnan(number) && std::isnan(kind_.spec->params[slot.index].initial)) {
      complain(fmt::format("{} is not a number (NaN)", slot.name));  // validation would call it missing
      number = near_zero(kind_.spec->params[slot.index].min, kind_.spec->params[slot.index].max);
    }
    node_.params[slot.index] = number;
    return;
  }
  put(slot, add_number(session_, "constant", number, node_.where));
}

void Draft::put_value(const Slot& slot, int index) {
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
void Draft::put_poison(const Slot& slot) {
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

/// For the first parameter, as far as it may go at all.
void Draft::make_room(std::size_t most) {
  const auto* number = std::get_if<double>(&node_.params[0]);
  auto& room = std::get<double>(node_.fixed[most]);
  if (number != nullptr && *number > room && *number <= kind_.spec->fixed[most].max) room = *number;
}

/// Where sound enters branches, gates hear the index, too: it has to be a signal.
void Draft::give_index_a_node() {
  const auto* number = std::get_if<double>(&node_.params[0]);
  const Param& index = kind_.spec->params[0];
  // What is out of range validation tells.
  if (number != nullptr && range_mistake(index.name, *number, index.min, index.max, index.unit).empty())
    node_.params[0] = add_number(session_, kSelector, *number, node_.where);
}

void Draft::complain(std::string text) { session_.workshop.pending.push_back(std::move(text)); }

NodeId Draft::finish() {
  auto& workshop = session_.workshop;
  if (const int most = kind_.spec->most; most >= 0 && !most_given_) make_room(static_cast<std::size_t>(most));
  if (has_tail(node_)) give_index_a_node();
  const auto id = static_cast<NodeId>(workshop.patch.nodes.size());
  workshop.patch.nodes.push_back(std::move(node_));
  session_.charge(bytes_of(workshop.patch.nodes.back()));
  for (auto& text : workshop.pending) workshop.note(id, workshop.patch.nodes.back().where, std::move(text));
  return id;
}

}  // namespace perigee
