// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/listing.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "patch/shape.h"
#include "script/held.h"
#include "script/host.h"
#include "script/lua_value.h"
#include "script/poison.h"
#include "script/session.h"
#include "script/signal.h"

namespace perigee {

namespace {

constexpr std::size_t kMostLines = 1000, kDeepest = 100;

std::string list_text(const Session& session, std::vector<std::pair<std::string, Source>> signals) {
  const Patch& patch = session.workshop.patch;
  std::vector<Mistake> ignored;
  const auto widths = shapes(patch, session.options.rate, ignored);
  std::ranges::sort(signals, {}, &std::pair<std::string, Source>::first);
  std::size_t names = 0, kinds = 0;
  for (const auto& [name, source] : signals) {
    names = std::max(names, name.size());
    kinds = std::max(kinds, patch.nodes[source.node].spec->kind.size());
  }
  std::string text;
  for (const auto& [name, source] : signals) {
    const unsigned lanes = source.lane >= 0 ? 1 : widths[source.node].lanes;
    text += fmt::format("{:{}}  {:{}}  {} {}\n", name, names, patch.nodes[source.node].spec->kind, kinds,
                        lanes, lanes == 1 ? "lane" : "lanes");
  }
  if (text.empty()) return "no global holds a signal";
  text.pop_back();  // print ends the line
  return text;
}

int list(lua_State* L) {
  Session& session = Session::of(L);
  print_line(session, list_text(session, global_signals(L, session)));
  return 0;
}

int tree(lua_State* L) {
  const Source* source = to_signal(L, 1);
  if (source == nullptr)
    return is_poison(L, 1) ? push_poison(L) : refuse(L, "tree takes a signal, not " + in_words(L, 1));
  Session& session = Session::of(L);
  print_line(session, tree_text(session.workshop.patch, *source));
  return 0;
}

/// saw "tone"[2], and its numbers the first time: (hz 110).
std::string describe(const Patch& patch, const Source& source, bool again) {
  const PatchNode& node = patch.nodes[source.node];
  std::string text(node.spec->kind);
  if (!node.name.empty()) text += fmt::format(" \"{}\"", node.name);
  if (source.output > 0) text += fmt::format(".{}", node.spec->out[source.output].name);
  if (source.lane >= 0) text += fmt::format("[{}]", source.lane + 1);
  if (again) return text + ", as above";
  std::string numbers;
  for (std::size_t i = 0; i < node.params.size(); ++i)
    if (const auto* number = std::get_if<double>(&node.params[i]))
      numbers += fmt::format("{}{} {:.6g}", numbers.empty() ? "" : ", ", node.spec->params[i].name, *number);
  return numbers.empty() ? text : fmt::format("{} ({})", text, numbers);
}

/// What is still to be told; the last comes first.
struct Listed {
  std::string port;
  Source source;
  std::size_t depth;
};

void add_fed(const Patch& patch, NodeId id, std::size_t depth, std::vector<Listed>& open) {
  const PatchNode& node = patch.nodes[id];
  const auto first = static_cast<std::ptrdiff_t>(open.size());
  for (std::size_t i = 0; i < node.inputs.size(); ++i)
    if (node.inputs[i].node != kNoNode)
      open.push_back(
          {std::string(node.spec->in[std::min(i, node.spec->in.size() - 1)].name), node.inputs[i], depth});
  for (std::size_t i = 0; i < node.params.size(); ++i)
    if (const auto* source = std::get_if<Source>(&node.params[i]))
      open.push_back({std::string(node.spec->params[i].name), *source, depth});
  std::reverse(open.begin() + first, open.end());
}

}  // namespace

std::string tree_text(const Patch& patch, const Source& source) {
  std::string text;
  std::set<NodeId> told;
  std::vector<Listed> open{{"", source, 0}};
  for (std::size_t lines = 0; !open.empty(); ++lines) {
    if (lines == kMostLines) {
      text += "…\n";
      break;
    }
    const Listed line = std::move(open.back());
    open.pop_back();
    const bool again = !told.insert(line.source.node).second;
    text += fmt::format("{:{}}{}{}{}\n", "", 2 * line.depth, line.port, line.port.empty() ? "" : ": ",
                        describe(patch, line.source, again));
    if (!again && line.depth < kDeepest) add_fed(patch, line.source.node, line.depth + 1, open);
  }
  text.pop_back();  // print ends the line
  return text;
}

void add_listing(lua_State* L, int names) {
  lua_pushcfunction(L, entry<list>);
  lua_setfield(L, names, "ls");
  lua_pushcfunction(L, entry<tree>);
  lua_setfield(L, names, "tree");
}

}  // namespace perigee
