// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What editors are told of scripts is what scripts find: no more, and no less. STUBS is the folder that it is
// in.

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <lua.hpp>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "support/script.h"

using namespace perigee;
using namespace perigee::test;

namespace {

using Names = std::set<std::string>;
using Texts = std::vector<std::string>;

std::string text_of(const std::string& file) {
  const char* folder = std::getenv("STUBS");  // NOLINT(concurrency-mt-unsafe): one thread
  REQUIRE(folder != nullptr);
  std::ifstream in(std::string(folder) + "/" + file);
  REQUIRE(in.good());
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

Texts parts(const std::string& text, const char* mark) {
  Texts all;
  for (std::size_t at = 0; !text.empty() && at != std::string::npos;) {
    const std::size_t end = text.find(mark, at);
    all.push_back(text.substr(at, end - at));
    at = end == std::string::npos ? end : end + std::string_view(mark).size();
  }
  return all;
}

/// A file of stubs, as far as it names things.
struct Stubs {
  Names globals;
  std::map<std::string, Names> members;                       ///< of "jack", or of "Signal" and the like
  std::map<std::string, Texts> arguments;                     ///< of "sine", "jack.ports", "Signal:lowpass"
  std::map<std::string, std::map<std::string, bool>> fields;  ///< of classes; whether they are signals

  explicit Stubs(const std::string& text) {
    static const std::regex function(R"(function ((\w+)([.:])?(\w*))\((.*)\) end)"),
        field(R"(---@field (\w+)\?? (\S+).*)"), class_line(R"(---@class (\S+).*)"),
        value(R"((\w+)(\.(\w+))? = \{\})");
    std::string of;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      std::smatch found;
      if (std::regex_match(line, found, class_line)) {
        of = found[1];
        fields[of];
      } else if (std::regex_match(line, found, field)) {
        CHECK(fields[of].emplace(found[1], found[2] == "perigee.Signal").second);
      } else if (std::regex_match(line, found, function)) {
        CAPTURE(line);
        if (found[3].length() == 0)
          globals.insert(found[1]);
        else
          members[found[2]].insert(found[4]);
        CHECK(arguments.emplace(found[1], parts(found[5], ", ")).second);
      } else if (std::regex_match(line, found, value)) {
        if (found[2].length() == 0)
          globals.insert(found[1]);
        else
          members[found[1]].insert(found[3]);
      }
    }
  }
};

const Stubs& stubs() {
  static const Stubs all(text_of("perigee.lua"));
  return all;
}

/// A Lua of its own, with all its libraries.
struct Lua {
  Lua() { luaL_openlibs(state); }
  ~Lua() { lua_close(state); }
  Lua(const Lua&) = delete;
  Lua& operator=(const Lua&) = delete;
  /// What a table of the globals has, or they themselves.
  Names names_in(const char* table) const {
    Names names;
    lua_getglobal(state, table);
    REQUIRE(lua_istable(state, -1));
    for (lua_pushnil(state); lua_next(state, -2) != 0; lua_pop(state, 1))
      if (lua_type(state, -2) == LUA_TSTRING) names.insert(lua_tostring(state, -2));
    lua_pop(state, 1);
    return names;
  }
  bool is_keyword(const std::string& word) const {
    const bool is = luaL_loadstring(state, ("local " + word).c_str()) != 0;
    lua_pop(state, 1);
    return is;
  }
  lua_State* state = luaL_newstate();
};

Names without(Names names, const Names& others) {
  for (const std::string& other : others) names.erase(other);
  return names;
}

/// For messages.
std::string joined(const Names& names) { return fmt::format("{}", fmt::join(names, " ")); }

void check_none(const Names& names) {
  const std::string left = joined(names);
  CAPTURE(left);
  CHECK(left.empty());
}

ScriptOptions all_options(Texts* printed = nullptr) {
  ScriptOptions options = script_options(printed);
  options.kinds = all_kinds();
  options.latency = [](const Patch&, const Source&, double) -> Frames { return 0; };
  return options;
}

/// A script that may be asked what it knows.
class Asked {
 public:
  explicit Asked(const std::string& text) {
    const Loaded loaded = script_.load(folder_.write("patch.lua", text));
    for (const Mistake& mistake : loaded.mistakes) FAIL_CHECK(to_string(mistake));
    script_.keep();
  }
  /// Whatever may come behind "jack." or "tone:". Of many words only some are told, so they are asked for by
  /// their beginning.
  Names after(const std::string& start) {
    Names names;
    for (const char c : std::string_view("_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))
      for (const std::string& word : script_.completions(start + c)) names.insert(word.substr(start.size()));
    return names;
  }

 private:
  Folder folder_;
  Script script_{all_options()};
};

/// Something for each argument of a kind, by its name.
std::string sample(const Spec& spec, std::string_view name) {
  for (const Port& port : spec.in)
    if (port.name == name) return port.many ? "{ one, one }" : "one";
  for (const Fixed& fixed : spec.fixed) {
    if (fixed.name != name) continue;
    if (fixed.type == Fixed::Type::text) return fmt::format("'{}'", spec.kind);
    if (fixed.type == Fixed::Type::choice) return fmt::format("'{}'", fixed.choices[0]);
    if (fixed.type == Fixed::Type::numbers) return "{ 1 }";
    if (fixed.type == Fixed::Type::points) return "{ { 0, 1 } }";
  }
  return "1";
}

/// A call with all that has to be there.
std::string call(const Spec& spec) {
  std::string text;
  const auto add = [&](std::string_view name) {
    text += fmt::format("['{}'] = {}, ", name, sample(spec, name));
  };
  for (const Port& port : spec.in)
    if (spec.role != Role::feedback && !port.optional) add(port.name);
  for (const Param& param : spec.params)
    if (param.initial != param.initial) add(param.name);
  for (const Fixed& fixed : spec.fixed)
    if (fixed.required) add(fixed.name);
  return fmt::format("{}{{ {} }}", spec.kind, text);
}

constexpr std::string_view kOne = "one = constant(1)\n";

/// The names in brackets, or behind "it has", of what is told about a wrong call.
Texts told_of(const std::string& code, const std::regex& what) {
  const Result result = run(std::string(kOne) + code, all_options());
  CAPTURE(code);
  CAPTURE(result.mistakes);
  for (const std::string& mistake : result.mistakes) {
    std::smatch found;
    if (std::regex_search(mistake, found, what)) return parts(found[1], ", ");
  }
  FAIL_CHECK("it is told otherwise");
  return {};
}

/// Whether a function of lua/ has the kind's name, and does not take what the kind does.
bool is_replaced(const Spec& spec) {
  const Result result = run(fmt::format("{}x = {}{{ nonsense = 1 }}", kOne, spec.kind), all_options());
  return std::ranges::any_of(result.mistakes, [&](const std::string& mistake) {
    return mistake.find(fmt::format("{} takes ", spec.kind)) != std::string::npos;
  });
}

Texts printed_by(const std::string& text) {
  Texts printed;
  const Result result = run(text, all_options(&printed));
  for (const std::string& mistake : result.mistakes) FAIL_CHECK(mistake);
  return printed;
}

Names printed_names(const std::string& text) {
  const Texts printed = printed_by(text);
  return {printed.begin(), printed.end()};
}

}  // namespace

TEST_CASE("the stubs are Lua") {
  for (const char* file : {"perigee.lua", "scales.lua"}) {
    const Lua lua;
    const Names before = lua.names_in("_G");
    const std::string text = text_of(file);
    const int failed =
        luaL_loadbuffer(lua.state, text.data(), text.size(), file) != 0 || lua_pcall(lua.state, 0, 0, 0) != 0;
    CHECK_MESSAGE(failed == 0, lua_tostring(lua.state, -1));
    CHECK(joined(without(lua.names_in("_G"), before)) == joined(Stubs(text).globals));
  }
}

TEST_CASE("the stubs have all globals, but those that are Lua's own") {
  Asked script("tone = saw(110)");
  const Lua lua;
  const Names lua_has = lua.names_in("_G");
  Names found = without(script.after(""), lua_has);
  found.erase("tone");
  std::erase_if(found, [&](const std::string& name) { return lua.is_keyword(name); });
  check_none(without(found, stubs().globals));
  check_none(without(stubs().globals, found));
  for (const std::string& name : script.after("")) {
    if (name == "_G") continue;  // all of these again
    CAPTURE(name);
    const Names members = script.after(name + ".");
    const auto known = stubs().members.find(name);
    if (lua_has.contains(name) && !members.empty())
      check_none(without(members, lua.names_in(name.c_str())));
    else if (name != "tone")
      CHECK(joined(members) == joined(known == stubs().members.end() ? Names() : known->second));
  }
}

TEST_CASE("the stubs have all methods of signals, and none that is refused") {
  Asked script("tone = saw(110)");
  const Names methods = script.after("tone:");
  check_none(without(methods, stubs().members.at("Signal")));
  check_none(without(stubs().members.at("Signal"), methods));
  for (const std::string& name : stubs().members.at("Signal")) {
    for (const std::string& mistake :
         run(fmt::format("tone = saw(110)\nx = tone:{}()", name), all_options()).mistakes) {
      CAPTURE(mistake);
      CHECK(mistake.find("a signal has no") == std::string::npos);
      CHECK(mistake.find("it has no input") == std::string::npos);
    }
  }
}

TEST_CASE("the stubs have the outputs and parameters of each kind, and how it is called") {
  static const std::regex at_most(R"(it takes at most \d+ \((.*)\), not)"), it_has("; it has (.*)");
  const std::string nonsense = "qqqqqqqqqqqqqqqqqqqqqqqq";
  const Names& methods = stubs().members.at("Signal");
  for (const Spec* spec : all_kinds()) {
    const std::string kind(spec->kind);
    CAPTURE(kind);
    if (is_replaced(*spec)) {
      CHECK_FALSE(stubs().fields.contains("perigee." + kind));
      continue;
    }
    const std::string code = std::string(kOne) + "x = " + call(*spec) + "\n";
    Asked script(code);
    const auto known = stubs().fields.find("perigee." + kind);
    REQUIRE(known != stubs().fields.end());
    Names fields, outputs;
    std::string use;
    for (const auto& [name, is_signal] : known->second) {
      fields.insert(name);
      use += is_signal ? fmt::format("print(type(x.{}))\n", name) : fmt::format("x.{} = one\n", name);
    }
    CHECK(joined(without(script.after("x."), methods)) == joined(without(fields, methods)));
    // Fields are read or set as they are told to be.
    for (const std::string& printed : printed_by(code + use)) CHECK(printed == "userdata");

    // All arguments by their names, but for one that cannot be called so without brackets.
    const auto options = stubs().fields.find("perigee.options." + kind);
    REQUIRE(options != stubs().fields.end());
    Names named;
    for (const auto& [name, is_signal] : options->second) named.insert(name);
    Texts has;
    if (!spec->params.empty() || !spec->fixed.empty() || (!spec->in.empty() && spec->role != Role::feedback))
      has = told_of(fmt::format("x = {}{{ {} = 1 }}", kind, nonsense), it_has);
    CHECK(joined(named) == joined(without({has.begin(), has.end()}, {"in"})));

    // Those by their places, in order.
    for (const bool fed : {false, true}) {
      const auto place = stubs().arguments.find(fed ? "Signal:" + kind : kind);
      if (place == stubs().arguments.end()) {
        CHECK((fed && (spec->in.empty() || spec->role == Role::feedback)));
        continue;
      }
      Texts names = place->second;
      if (!names.empty() && names.back() == "options") names.pop_back();
      if (std::ranges::count(names, "...") > 0 || (!fed && kind == "lanes")) continue;
      Texts values;
      for (std::string& name : names) {
        if (name == "signal") name = "in";
        values.push_back(sample(*spec, name));
      }
      for (int more = 0; more < 3; ++more) values.emplace_back("one");
      const std::string wrong = fmt::format("x = {}{}({})", fed ? "one:" : "", kind, fmt::join(values, ", "));
      if (names.empty())
        told_of(wrong, std::regex("(it takes no arguments)"));
      else
        CHECK(fmt::format("{}", fmt::join(told_of(wrong, at_most), ", ")) ==
              fmt::format("{}", fmt::join(names, ", ")));
    }
  }
}

TEST_CASE("the stubs have what MIDI ports, voices, loops and the library have") {
  const auto& members = stubs().members;
  constexpr std::string_view kMethods =
      "for name in pairs(getmetatable({}).__index) do if name:sub(1, 2) ~= '__' then print(name) end end";
  CHECK(joined(printed_names(fmt::format(fmt::runtime(kMethods), "midi('keys')"))) ==
        joined(members.at("Midi")));
  CHECK(joined(printed_names(fmt::format(fmt::runtime(kMethods), "midi_out('out')"))) ==
        joined(members.at("MidiOut")));
  CHECK(joined(printed_names(fmt::format(fmt::runtime(kMethods), "loop(1, function() end)"))) ==
        joined(members.at("Loop")));
  Names voice;
  for (const auto& [name, is_signal] : stubs().fields.at("perigee.Voice")) {
    CHECK(is_signal);
    voice.insert(name);
  }
  CHECK(joined(printed_names(
            "v = voices(2, function(v) for name in pairs(v) do print(name) end return saw(v.hz) end)")) ==
        joined(voice));
  Names occasions;
  for (const auto& [name, is_signal] : stubs().fields.at("perigee.Occasions")) occasions.insert(name);
  Names answered;
  for (const std::string& part :
       told_of("midi('keys'):on{ nothing = print }", std::regex("on takes (.*), not")))
    for (const std::string& name : parts(part, " and ")) answered.insert(name);
  CHECK(joined(answered) == joined(occasions));
  CHECK(joined(printed_names("for name in pairs(require('scales')) do print(name) end")) ==
        joined(Stubs(text_of("scales.lua")).members.at("scales")));
}
