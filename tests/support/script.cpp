// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "support/script.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <fstream>

#include "patch/validate.h"

namespace perigee::test {

namespace {

constexpr Port in[] = {{"in", "signal"}};
constexpr Port keyed[] = {{"in", "signal"}, {.name = "key", .doc = "side chain", .optional = true}};
constexpr Port many[] = {{.name = "in", .doc = "signals", .many = true}};
constexpr Port chosen[] = {{"select", "which"}, {.name = "in", .doc = "signals", .many = true}};
constexpr Port out[] = {{"out", "signal"}};
constexpr Port reduced[] = {{"out", "signal"}, {"reduction", "gain reduction"}};

constexpr Param value[] = {{"value", Unit::none, -kNoLimit, kNoLimit, 0, "what it is"}};
constexpr Param by[] = {{"by", Unit::none, -kNoLimit, kNoLimit, kRequired, "the other operand"}};
constexpr Param hz[] = {{"hz", Unit::hz, 0, 96000, 440, "pitch"}};
constexpr Param cutoff[] = {{"cutoff", Unit::hz, 1, 96000, kRequired, "corner"},
                            {"q", Unit::none, 0.1, 100, 0.707, "resonance"}};
constexpr Param position[] = {{"position", Unit::none, -1, 1, 0, "left to right"}};
constexpr Param dynamics[] = {{"threshold", Unit::db, -90, 0, -20, "from where"},
                              {"ratio", Unit::ratio, 1, 100, 4, "how much"},
                              {"attack", Unit::seconds, 0, 1, 0.01, "time"},
                              {"release", Unit::seconds, 0, 10, 0.1, "time"}};
constexpr Param ceiling[] = {{"ceiling", Unit::db, -60, 0, -1, "never above"}};
constexpr Param delayed[] = {{"time", Unit::seconds, 0, 60, kRequired, "how late"},
                             {"feedback", Unit::linear, -1, 1, 0, "goes around"}};
constexpr Param room[] = {{"size", Unit::none, 0, 1, 0.5, "of the room"},
                          {"damping", Unit::none, 0, 1, 0.5, "of highs"}};

constexpr Fixed lookahead[] = {number("lookahead", Unit::seconds, 0, 0.1, 0.005, "sees so far ahead")};
constexpr std::string_view curves[] = {"lin", "exp"};
constexpr Fixed ranged[] = {number("min", Unit::none, -kNoLimit, kNoLimit, 0, "least"),
                            number("max", Unit::none, -kNoLimit, kNoLimit, 1, "most"),
                            choice("curve", curves, "lin", "of a controller")};
constexpr Fixed values[] = {numbers("values", Unit::none, "one a lane")};
constexpr Fixed path[] = {points("points", "time and value"),
                          number("loop", Unit::seconds, 0, 1e6, 0, "goes back")};
constexpr Fixed fade[] = {number("fade", Unit::seconds, 0, 10, 0.06, "from one to the next"),
                          number("tail", Unit::seconds, 0, 100, 0, "rings on")};

constexpr auto two = [](const Setup&) -> unsigned { return 2; };
constexpr auto one = [](const Setup&) -> unsigned { return 1; };

const Spec kKinds[] = {
    {.kind = "constant", .group = "test", .doc = "a number", .out = out, .params = value},
    {.kind = "param", .group = "test", .doc = "a knob", .out = out, .params = value, .fixed = ranged},
    {.kind = "add", .group = "test", .doc = "+", .in = in, .out = out, .params = by},
    {.kind = "subtract", .group = "test", .doc = "-", .in = in, .out = out, .params = by},
    {.kind = "multiply", .group = "test", .doc = "*", .in = in, .out = out, .params = by},
    {.kind = "divide", .group = "test", .doc = "/", .in = in, .out = out, .params = by},
    {.kind = "lanes",
     .group = "test",
     .doc = "constants",
     .out = out,
     .fixed = values,
     .lanes =
         [](const Setup& s) {
           return static_cast<unsigned>(std::get<std::vector<double>>(s.fixed[0]).size());
         }},
    {.kind = "sum", .group = "test", .doc = "mixes", .in = many, .out = out},
    {.kind = "join", .group = "test", .doc = "bundles", .in = many, .out = out, .any_lanes = true},
    {.kind = "switch",
     .group = "test",
     .doc = "one of many",
     .in = chosen,
     .out = out,
     .fixed = fade,
     .any_lanes = true},
    {.kind = "mix", .group = "test", .doc = "folds", .in = in, .out = out, .lanes = one},
    {.kind = "pan", .group = "test", .doc = "places", .in = in, .out = out, .params = position, .lanes = two},
    {.kind = "saw", .group = "test", .doc = "a saw", .out = out, .params = hz},
    {.kind = "lowpass", .group = "test", .doc = "a filter", .in = in, .out = out, .params = cutoff},
    {.kind = "highpass", .group = "test", .doc = "a filter", .in = in, .out = out, .params = cutoff},
    {.kind = "limiter",
     .group = "test",
     .doc = "limits",
     .in = in,
     .out = out,
     .params = ceiling,
     .fixed = lookahead},
    {.kind = "compressor",
     .group = "test",
     .doc = "compresses",
     .in = keyed,
     .out = reduced,
     .params = dynamics},
    {.kind = "delay", .group = "test", .doc = "delays", .in = in, .out = out, .params = delayed},
    {.kind = "lane", .group = "test", .doc = "automation", .out = out, .fixed = path},
    {.kind = "reverb", .group = "test", .doc = "a room", .in = in, .out = out, .params = room},
};

std::string in_words(const Patch& patch, const Source& source) {
  if (source.node == kNoNode) return "-";
  std::string text = label(patch, source.node);
  if (source.output > 0) text += fmt::format(".{}", patch.nodes[source.node].spec->out[source.output].name);
  if (source.lane >= 0) text += fmt::format("[{}]", source.lane + 1);
  if (!source.compensated) text += "!";
  return text;
}

std::string in_words(const Value& value) {
  if (const auto* number = std::get_if<double>(&value)) return fmt::format("{:.6g}", *number);
  if (const auto* text = std::get_if<std::string>(&value)) return '"' + *text + '"';
  if (const auto* list = std::get_if<std::vector<double>>(&value))
    return fmt::format("{{{:.6g}}}", fmt::join(*list, " "));
  std::string text;
  for (const Point& point : std::get<std::vector<Point>>(value))
    text += fmt::format("({:.6g} {:.6g} {})", point.time, point.value, point.curve);
  return text;
}

}  // namespace

std::span<const Spec* const> script_kinds() {
  static const std::vector<const Spec*> all = [] {
    std::vector<const Spec*> list;
    for (const Spec& spec : kKinds) list.push_back(&spec);
    const auto known = list.size();
    for (const Spec* spec : all_kinds())
      if (std::none_of(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(known),
                       [&](const Spec* mine) { return mine->kind == spec->kind; }))
        list.push_back(spec);
    return list;
  }();
  return all;
}

ScriptOptions script_options(std::vector<std::string>* printed) {
  ScriptOptions options{.seconds = 60, .kinds = script_kinds()};
  if (printed != nullptr) options.print = [printed](std::string_view line) { printed->emplace_back(line); };
  return options;
}

Folder::Folder() {
  std::string name = (std::filesystem::temp_directory_path() / "perigee-XXXXXX").string();
  path = mkdtemp(name.data());
}

Folder::~Folder() {
  std::error_code error;
  std::filesystem::remove_all(path, error);
}

std::filesystem::path Folder::write(const std::string& name, std::string_view text) const {
  const auto file = path / name;
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary).write(text.data(), static_cast<std::streamsize>(text.size()));
  return file;
}

const PatchNode* Result::named(std::string_view name) const {
  for (const PatchNode& node : patch.nodes)
    if (node.name == name) return &node;
  return nullptr;
}

std::string Result::kinds() const {
  std::vector<std::string_view> kinds;
  for (const PatchNode& node : patch.nodes) kinds.push_back(node.spec->kind);
  return fmt::format("{}", fmt::join(kinds, " "));
}

std::string Result::node(std::size_t id) const {
  const PatchNode& node = patch.nodes.at(id);
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < node.inputs.size(); ++i)
    parts.push_back(fmt::format("{}={}", node.spec->in[std::min(i, node.spec->in.size() - 1)].name,
                                in_words(patch, node.inputs[i])));
  for (std::size_t i = 0; i < node.params.size(); ++i) {
    const auto* source = std::get_if<Source>(&node.params[i]);
    parts.push_back(fmt::format("{}={}", node.spec->params[i].name,
                                source != nullptr ? in_words(patch, *source)
                                                  : fmt::format("{:.6g}", std::get<double>(node.params[i]))));
  }
  for (std::size_t i = 0; i < node.fixed.size(); ++i)
    parts.push_back(fmt::format("{}={}", node.spec->fixed[i].name, in_words(node.fixed[i])));
  return fmt::format("{}({})", node.spec->kind, fmt::join(parts, ", "));
}

Result run(std::string_view text, ScriptOptions options) {
  Result result;
  if (!options.print) options.print = [&](std::string_view line) { result.printed.emplace_back(line); };
  const Folder folder;
  const auto file = folder.write("patch.lua", text);
  Loaded loaded = load_script(file, options);
  for (Mistake& one : loaded.mistakes) {
    if (one.where.file.starts_with(folder.path.string()))
      one.where.file.erase(0, folder.path.string().size() + 1);
    result.mistakes.push_back(to_string(one));
  }
  result.patch = std::move(loaded.patch);
  return result;
}

void validate_too(Loaded& loaded) {
  std::vector<Mistake> more;
  const auto all = shapes(loaded.patch, 48000, more);
  const auto found = validate(loaded.patch, all, 48000);
  more.insert(more.end(), found.begin(), found.end());
  add_mistakes(loaded.mistakes, more);
}

namespace {

std::string mistakes_of(const Result& result) { return fmt::format("{}", fmt::join(result.mistakes, "\n")); }

}  // namespace

std::string mistake(std::string_view text) {
  const Result result = run(text);
  return result.mistakes.empty() ? "none" : mistakes_of(result);
}

std::string last(const std::string& text) {
  const Result result = run("mic = input('mic', 2)\n" + text);
  return result.mistakes.empty() ? result.node(result.patch.nodes.size() - 1) : mistakes_of(result);
}

std::string wrong(const std::string& text) { return mistake("mic = input('mic', 2)\n" + text); }

}  // namespace perigee::test
