// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Code that is sent to a patch that plays: what it adds and redefines, what stays after a mistake, undo.

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <random>
#include <thread>

#include "support/saved_script.h"

using namespace perigee;
using namespace perigee::test;

namespace {

using Sent = LivePatch::Sent;

Sent send(Bench& bench, const std::string& code, int line = 1) {
  bench.live.start_run({.text = code,
                        .file = "block.lua",
                        .line = line,
                        .print = [&](std::string_view text) { bench.printed.emplace_back(text); }},
                       {});
  while (true) {
    if (auto sent = bench.live.attend_run()) {
      bench.settle();
      return *sent;
    }
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
}

std::string told(const Sent& sent) {
  std::string text;
  for (const Mistake& mistake : sent.mistakes) text += to_string(mistake) + "\n";
  return text;
}

/// "output(in=lowpass(in=saw))": kinds only, from an output down.
std::string heard_by(const Patch& patch, NodeId id) {
  const PatchNode& node = patch.nodes[id];
  std::vector<std::string> parts;
  for (const Source& source : node.inputs) parts.push_back(heard_by(patch, source.node));
  for (const Setting& setting : node.params)
    if (const auto* source = std::get_if<Source>(&setting))
      parts.push_back("=" + heard_by(patch, source->node));
  return parts.empty() ? std::string(node.spec->kind)
                       : fmt::format("{}({})", node.spec->kind, fmt::join(parts, ", "));
}

/// What plays: each output, and how many nodes there are in all.
std::string shape(Bench& bench) {
  const Patch& patch = bench.live.editor().patch();
  std::string text;
  for (NodeId id = 0; id < patch.nodes.size(); ++id)
    if (patch.nodes[id].spec->role == Role::output)
      text += fmt::format("{} {}; ", std::get<std::string>(patch.nodes[id].fixed[0]), heard_by(patch, id));
  return fmt::format("{}{}", text, patch.nodes.size());
}

}  // namespace

TEST_CASE("an assignment puts a filter behind what was heard, and what was heard keeps its state") {
  Bench bench("tone = saw(110)\noutput('main', tone * 0.1)\n");
  CHECK(shape(bench) == "main output(multiply(saw)); 3");
  const Sent sent = send(bench, "tone = tone:lowpass(300)");
  CHECK(told(sent).empty());
  CHECK(sent.summary == "kept 3, new 1, gone 0");
  CHECK_FALSE(sent.value);
  CHECK(shape(bench) == "main output(multiply(lowpass(saw))); 4");
  CHECK(bench.live.editor().patch().nodes[bench.node("tone")].spec->kind == "lowpass");
  // The same block again, as often as one likes.
  CHECK(send(bench, "tone = tone:lowpass(300)").summary == "kept 4, new 1, gone 0");
  CHECK(shape(bench) == "main output(multiply(lowpass(lowpass(saw)))); 5");
}

TEST_CASE("a block that is sent again replaces what it made") {
  const std::string block =
      "osc = saw(110)\nlow = osc:lowpass(900)\noutput('main', low * 0.1)\nlevel = meter(low)\n";
  Bench bench(block);
  const std::string before = shape(bench);
  for (int i = 0; i < 5; ++i) {
    const Sent sent = send(bench, block);
    CHECK(told(sent).empty());
    CHECK(shape(bench) == before);
  }
  CHECK(send(bench, "osc = square(55)").summary == "kept 4, new 1, gone 1");
  CHECK(shape(bench).starts_with("main output(multiply(lowpass(square))); "));
}

TEST_CASE("outputs are replaced by name, and come beside others") {
  Bench bench("a = saw(110)\nb = square(55)\noutput('main', a * 0.1)\n");
  CHECK(told(send(bench, "output('main', b * 0.1)")).empty());
  CHECK(shape(bench) == "main output(multiply(square)); 4");
  CHECK(told(send(bench, "output('cue', a)")).empty());
  CHECK(shape(bench) == "main output(multiply(square)); cue output(saw); 5");
}

TEST_CASE("what nothing hears and nobody holds goes; tables, functions and coroutines hold") {
  Bench bench("output('main', sine(440))\n");
  CHECK(send(bench, "saw(110)").summary.empty());
  CHECK(shape(bench) == "main output(sine); 2");
  CHECK(told(send(bench, "t = { deep = { saw(1) } }")).empty());
  CHECK(told(send(bench, "do local s = square(2); function f() return s end end")).empty());
  CHECK(told(send(bench,
                  "c = coroutine.create(function(x) local y = triangle(3); coroutine.yield(); return y end)\n"
                  "coroutine.resume(c)"))
            .empty());
  CHECK(shape(bench) == "main output(sine); 5");
  CHECK(told(send(bench, "output('main', t.deep[1] + f() + select(2, coroutine.resume(c)))")).empty());
  CHECK(shape(bench) == "main output(add(add(saw, =square), =triangle)); 6");
  CHECK(told(send(bench, "t, f, c = nil, nil, nil\noutput('main', sine(1))")).empty());
  CHECK(shape(bench) == "main output(sine); 2");
}

TEST_CASE("names may change places, and lanes keep theirs") {
  Bench bench(
      "a, b = join(saw(1), saw(4)), join(square(2), square(3))\noutput('one', a[1])\noutput('two', b[2])\n");
  CHECK(told(send(bench, "b = b:gain(0.5)")).empty());
  CHECK(shape(bench) == "one output(join(saw, saw)); two output(gain(join(square, square))); 9");
  CHECK(told(send(bench, "a, b = b, a")).empty());
  CHECK(shape(bench) == "one output(gain(join(square, square))); two output(join(saw, saw)); 9");
  const Patch& patch = bench.live.editor().patch();
  for (const PatchNode& node : patch.nodes)
    if (node.spec->role == Role::output)
      CHECK(node.inputs[0].lane == (std::get<std::string>(node.fixed[0]) == "two" ? 1 : 0));
}

TEST_CASE("a signal that is made of a name does not hear itself") {
  Bench bench("tone = saw(110)\nwet = tone:delay(0.1)\noutput('main', tone + wet)\n");
  CHECK(told(send(bench, "tone = tone + wet")).empty());
  CHECK(shape(bench) == "main output(add(add(saw, =delay(saw)), =delay(saw))); 5");
}

TEST_CASE("feedback hears the new signal, and may be given another") {
  Bench bench(
      "mic = input('mic')\nfb = feedback()\nwet = (mic + fb):delay(0.1)\nfb:from(wet * 0.5)\n"
      "output('main', wet)\n");
  CHECK(told(send(bench, "wet = wet:lowpass(800)")).empty());
  const Patch& patch = bench.live.editor().patch();
  const PatchNode& fb = patch.nodes[bench.node("fb")];
  CHECK(patch.nodes[patch.nodes[fb.inputs[0].node].inputs[0].node].spec->kind == "lowpass");
  CHECK(told(send(bench, "fb:from(wet * 0.2)")).empty());
}

TEST_CASE("pins move on, and parameters are set") {
  Bench bench("verb = saw(1):delay(0.2):as('hall')\nlow = verb:lowpass(900)\noutput('main', low)\n");
  CHECK(told(send(bench, "verb = square(1):delay(0.2):as('hall')")).empty());
  CHECK(shape(bench) == "main output(lowpass(delay(square))); 4");
  CHECK(told(send(bench, "low.cutoff = 300")).empty());
  CHECK(std::get<double>(bench.live.editor().patch().nodes[bench.node("low")].params[0]) == 300);
}

TEST_CASE("what is set again is set, though hands have moved it, and though the patch says so already") {
  for (const bool by_controller : {false, true}) {
    CAPTURE(by_controller);
    Bench bench(
        "keys = midi('keys')\n"
        "level = param{ 0.5, 0, 1, cc = keys:cc(7) }\n"
        "output('main', level)\n");
    bench.live.play(0);
    bench.play(4800);
    CHECK(bench.heard.back() == 0.5F);
    if (by_controller)
      bench.engine.hear(0, 0, {.what = Message::What::control, .number = 7, .value = 127});
    else
      bench.set("level", 1);
    bench.play(4800);
    CHECK(bench.heard.back() == 1);
    const Sent sent = send(bench, "level:set(0.5)");
    CHECK(told(sent).empty());
    CHECK(sent.summary.empty());  // there is nothing that undo could take back
    bench.live.play(0);
    bench.play(4800);
    CHECK(bench.heard.back() == 0.5F);
  }
}

TEST_CASE("of many numbers for one parameter the last is set, and the others take no time") {
  std::string text = "level = param{ 0.5, 0, 1 }\noutput('main', level)\n";
  for (int i = 0; i < 500; ++i) text += fmt::format("n{0} = probe(constant({0}))\n", i);
  Bench bench(text);
  bench.live.play(0);
  bench.set("level", 1);
  bench.play(4800);
  const Sent sent = send(bench, "for i = 1, 20000 do level:set(i % 10 / 10) end level:set(0.5)");
  CHECK(told(sent).empty());
  bench.live.play(0);
  CHECK(bench.live.editor().instance(bench.node("level"))->numbers[0].target() == 1);
  bench.play(4800);
  CHECK(bench.heard.back() == 0.5F);
}

TEST_CASE("code glides as a hand would: frame by frame, and without an edit") {
  Bench bench(
      "level = param{ 0.25, 0, 1 }\nlow = saw(100):lowpass(900)\noutput('main', level)\nprobe(low)\n");
  bench.live.play(0);
  bench.play(4800);
  for (const bool exponential : {false, true}) {
    const float from = bench.heard.back(), to = exponential ? 0.125F : 0.75F;
    const Sent sent = send(bench, fmt::format("level:set{{ value = {}, over = 0.1, curve = '{}' }}", to,
                                              exponential ? "exp" : "lin"));
    CHECK(told(sent).empty());
    CHECK(sent.summary.empty());
    bench.live.play(0);
    const auto start = bench.heard.size();
    bench.play(6400);
    for (int i = 0; i < 4800; ++i) {
      const double part = (i + 1) / 4800.0;
      const double expected = exponential ? from * std::pow(to / from, part) : from + (to - from) * part;
      REQUIRE(bench.heard[start + static_cast<std::size_t>(i)] == doctest::Approx(expected).epsilon(1e-5));
    }
    CHECK(bench.heard.back() == to);
  }
  CHECK(
      bench.save(
          "level = param{ 0.25, 0, 1 }\nlow = saw(100):lowpass(900)\noutput('main', level)\nprobe(low)\n") ==
      Texts());
  bench.settle();
  bench.play(4800);
  CHECK(bench.heard.back() == 0.125F);
  CHECK(told(send(bench, "\nlow:set{ cutoff = -5, over = 1 }")) == "block.lua:2: cutoff -5 is below 1\n");
  CHECK(told(send(bench, "low:set{ cutoff = 300, over = -1 }")) == "block.lua:1: over -1 is below 0\n");
  CHECK(told(send(bench, "low:set{ cutof = 300, over = 1 }")) ==
        "block.lua:1: lowpass has no parameter cutof: did you mean cutoff?\n");
  CHECK(told(send(bench, "new = low:lowpass(50)\nnew:set{ cutoff = 300, over = 1 }\noutput('more', new)")) ==
        "block.lua:2: lowpass does not play yet: a glide has nowhere to begin\n");
  CHECK(told(send(bench, "low.cutoff = -5")) == "block.lua:1: lowpass \"low\": cutoff -5 Hz is below 1 Hz\n");
  CHECK(bench.save("low = saw(100):lowpass(900)\nlow:set{ cutoff = 300, over = 2 }\noutput('main', low)\n") ==
        Texts{"patch.lua:2: lowpass \"low\": over and curve are for a patch that plays: in a loop or "
              "callback, or in "
              "code that is sent to it"});
}

TEST_CASE("expressions have a value; what is printed comes to whoever sent it") {
  Bench bench("cutoff = 900\ntone = saw(110)\noutput('main', tone)\n");
  const auto value = [&](const std::string& code) {
    const Sent sent = send(bench, code);
    CHECK(told(sent).empty());
    CHECK(sent.summary.empty());
    return sent.value.value_or("(none)");
  };
  CHECK(value("1 + 2") == "3");
  CHECK(value("cutoff") == "900");
  CHECK(value("=cutoff, nil, 'x'") == "900\tnil\tx");
  CHECK(value("tone") == "saw \"tone\"");
  CHECK(value("cutoff -- of the filter") == "900");
  CHECK(value("{}") == "{}");
  CHECK(value("{ 1, 'a\"b', { tone, {} }, name = true, [2.5] = 'x' }")
            .starts_with("{ 1, \"a\\\"b\", { saw \"tone\", {} }, "));
  CHECK(value("{ { { { 1 } } } }") == "{ { { { … } } } }");
  CHECK(value("{ [2.5] = 'x' }") == "{ [2.5] = \"x\" }");
  CHECK(value("lanes and { f = 1 }, 2") == "{ f = 1 }\t2");
  CHECK(value("(function() local t = {} for i = 1, 100 do t[i] = i end t.t = t return t end)()")
            .ends_with(", 64, … }"));
  CHECK(value("cutoff = 800") == "(none)");
  CHECK(value("cutoff") == "800");
  CHECK(value("local x = 1\nreturn") == "(none)");
  bench.printed.clear();
  CHECK(value("print('hello', cutoff)") == "(none)");
  CHECK(bench.printed == Texts{"hello\t800"});
  CHECK_FALSE(send(bench, "output('main', tone)").value);
  CHECK(value("string.rep('x', 100000)").size() < 70000);
  CHECK(told(send(bench, "tone.foo", 7)) == "block.lua:7: a signal has no foo, and saw no such output\n");
  CHECK(told(send(bench, "tone.foo  -- of it", 7)).starts_with("block.lua:"));
  CHECK(send(bench, "1 + 1 -- two").value == "2");
}

TEST_CASE("a mistake changes nothing: by line of the editor, and globals are what they were") {
  Bench bench("n = 1\ntone = saw(110)\noutput('main', tone)\n");
  const std::string before = shape(bench);
  const std::pair<std::string, std::string> mistakes[] = {
      {"n = 2\nm = 3\ntone = tune", "block.lua:12: tune is not defined: did you mean tone?\n"},
      {"n = 2\nm = 3\ntone = tone:lowpass(-1)",
       "block.lua:12: lowpass \"tone\": cutoff -1 Hz is below 1 Hz\n"},
      {"n = 2\nm = 3 error('no')", "block.lua:11: no\n"},
      {"n = 2\nm = 3\noutput('main', player('none.wav'))", "none.wav"},
      {"n = 2\ntone = nil\nm = 3\noutput('x', input('x'))", "port \"x\" is taken"},
      {"n = 2 m = 3\nx = = 4", "block.lua:11: unexpected symbol near '='\n"},
  };
  for (const auto& one : mistakes) {
    const std::string &code = one.first, &text = one.second;
    CAPTURE(code);
    const Sent sent = send(bench, code, 10);
    CHECK(told(sent).find(text) != std::string::npos);
    CAPTURE(told(sent));
    CHECK(shape(bench) == before);
    CHECK(send(bench, "n").value.value_or("") == "1");
    CHECK(told(send(bench, "m")).find("m is not defined") != std::string::npos);
    CHECK(send(bench, "tone").value.value_or("") == "saw \"tone\"");
  }
}

TEST_CASE("what is not finished says so") {
  Bench bench("output('main', sine(1))\n");
  for (const char* code : {"for i = 1, 2 do", "x = {", "f(", "function f()\n", "x = [[ab", "1 +"}) {
    CAPTURE(code);
    CHECK(send(bench, code).incomplete);
  }
  for (const char* code : {"end", "x = )", "1 = 2"}) {
    CAPTURE(code);
    const Sent sent = send(bench, code);
    CHECK_FALSE(sent.incomplete);
    CHECK(sent.mistakes.size() == 1);
  }
}

TEST_CASE("limits: what never ends is stopped, what takes too much memory, too, and the state lives on") {
  Bench bench("n = 1\noutput('main', sine(1))\n", 0.3);
  CHECK(told(send(bench, "n = 2\nwhile true do end")) ==
        "block.lua:2: stopped: it ran for more than 0.3 s\n");
  CHECK(send(bench, "n").value.value_or("") == "1");
  // On a busy machine its time is up first.
  CHECK(told(send(bench, "t = {}\nfor i = 1, 1e9 do t[i] = ('x'):rep(1e6) .. i end")).find("stopped: it ") !=
        std::string::npos);
  CHECK(send(bench, "n").value.value_or("") == "1");
  CHECK(send(bench, "output('main', saw(2))").summary == "kept 1, new 1, gone 1");
}

TEST_CASE("undo and redo bring back what globals meant") {
  Bench bench("tone = saw(110)\noutput('main', tone)\n");
  send(bench, "tone = tone:lowpass(300)");
  send(bench, "extra = square(1)\noutput('cue', extra)");
  CHECK(shape(bench) == "main output(lowpass(saw)); cue output(square); 5");
  CHECK(send(bench, "undo()").summary == "undo: kept 3, new 0, gone 2");
  CHECK(told(send(bench, "extra")).find("extra is not defined") != std::string::npos);
  CHECK(bench.live.undo());
  bench.settle();
  CHECK(send(bench, "tone").value.value_or("") == "saw \"tone\"");
  CHECK(told(send(bench, "redo()")).empty());
  CHECK(send(bench, "tone").value.value_or("") == "lowpass \"tone\"");
  // Leading on from an older version, numbers of nodes are not given twice.
  CHECK(told(send(bench, "tone = tone:highpass(20)")).empty());
  CHECK(shape(bench) == "main output(highpass(lowpass(saw))); 4");
  CHECK(told(send(bench, "redo()")) == "there is nothing to redo\n");
}

TEST_CASE("a save takes the place of all that was sent, and undo leads back to it") {
  const std::string file = "tone = saw(110)\noutput('main', tone)\n";
  Bench bench(file);
  send(bench, "tone = tone:lowpass(300)\nhere = true");
  CHECK(bench.save(file) == Texts());
  bench.settle();
  CHECK(shape(bench) == "main output(saw); 2");
  CHECK(told(send(bench, "here")).find("not defined") != std::string::npos);
  CHECK(bench.live.undo());
  bench.settle();
  CHECK(send(bench, "here, tone").value.value_or("") == "true\tlowpass \"tone\"");
  // But values in `state` are not taken back, as without code.
  send(bench, "state.n = 7");
  REQUIRE(bench.live.redo());
  bench.settle();
  CHECK(send(bench, "state.n").value.value_or("") == "7");
  // Of too many saves ago, no state is kept.
  for (int i = 0; i < 20; ++i) {
    REQUIRE(bench.save(fmt::format("output('main', saw({}))", 100 + i)) == Texts());
    bench.settle();
  }
  while (bench.live.undo()) bench.settle();
  CHECK(told(send(bench, "x = 1")) ==
        "the script's state is no longer kept: save the patch, then code can be sent to it again\n");
  CHECK(bench.save(file) == Texts());
  bench.settle();
  CHECK(send(bench, "tone").value.value_or("") == "saw \"tone\"");
}

TEST_CASE("a dead signal that a table still holds is told, not heard") {
  Bench bench("t = {}\noutput('main', sine(1))\n");
  CHECK(told(send(bench, "t[1] = saw(1)\nerror('no')")).find("no") != std::string::npos);
  CHECK(told(send(bench, "output('main', t[1])")).find("it hears a signal that is gone") !=
        std::string::npos);
  CHECK(told(send(bench, "output('main', saw(2))")).empty());
}

TEST_CASE("ls, tree and completion know what there is") {
  Bench bench("tone = join(saw(110), saw(111))\nlow = tone:lowpass(900)\noutput('main', low:mix())\n");
  bench.printed.clear();
  send(bench, "ls()");
  send(bench, "tree(low)");
  REQUIRE(bench.printed.size() == 2);
  CHECK(bench.printed[0] == "low   lowpass  2 lanes\ntone  join     2 lanes");
  CHECK(bench.printed[1].starts_with("lowpass \"low\" (cutoff 900"));
  CHECK(bench.printed[1].find("\n  in: join \"tone\"\n    in: saw (hz 110") != std::string::npos);
  const auto words = [&](std::string_view text) { return bench.live.completions(text); };
  CHECK(words("x = tone") == Texts{"tone"});
  CHECK(words("low:lowp") == Texts{"low:lowpass"});
  CHECK(words("low.cut") == Texts{"low.cutoff"});
  CHECK(words("math.flo") == Texts{"math.floor"});
  CHECK(words("nothing.x").empty());
  CHECK(words("").size() > 50);
  CHECK(words(".").empty());
  for (const std::string name : {"loop", "every"}) {
    bench.printed.clear();
    CHECK(told(send(bench, fmt::format("help({})", name))).empty());
    REQUIRE_FALSE(bench.printed.empty());
    CHECK(bench.printed[0].starts_with(name + ": "));
  }
}

TEST_CASE("whatever is sent, the patch is as its outputs say, and undo leads back through all of it") {
  std::random_device device;
  const unsigned seed = device();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const auto any = [&](auto... texts) {
    const std::string all[] = {texts...};
    return all[random() % sizeof...(texts)];
  };
  Bench bench("a = saw(110)\nb = a:lowpass(900)\nc = b\noutput('main', b * 0.1)\n");
  std::vector<Patch> versions{bench.live.editor().patch()};
  for (int i = 0; i < 60; ++i) {
    const std::string source = any("a", "b", "c", "saw(1)", "a + b", "b * 2"),
                      made = any("{}:lowpass(300)", "({}) * 0.5", "{}", "join({}, a):mix()");
    const std::string code = fmt::format("{} = {}", any("a", "b", "c", "d", "e"),
                                         fmt::format(fmt::runtime(made), fmt::format("({})", source)));
    const std::string more =
        random() % 4 == 0 ? fmt::format("\noutput('{}', {})", any("main", "cue"), source) : "";
    const std::string broken = random() % 5 == 0 ? "\nerror('no')" : "";
    const std::string all = fmt::format("{}{}{}", code, more, broken);
    CAPTURE(all);
    const Sent sent = send(bench, all);
    CHECK(sent.mistakes.empty() == broken.empty());
    if (!sent.summary.empty()) versions.push_back(bench.live.editor().patch());
    REQUIRE(same(bench.live.editor().patch(), versions.back()));
  }
  for (std::size_t i = versions.size() - 1; i > 0; --i) {
    REQUIRE(bench.live.undo());
    bench.settle();
    REQUIRE(same(bench.live.editor().patch(), versions[i - 1]));
    // The globals fit the patch: naming what it has changes nothing.
    REQUIRE(told(send(bench, "a, b = a, b")).empty());
    REQUIRE(same(bench.live.editor().patch(), versions[i - 1]));
  }
}
