// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a long evening of edits leaves behind: nothing.

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <malloc.h>

#include <memory>
#include <random>
#include <thread>

#include "control/live_patch.h"
#include "support/edits.h"
#include "support/hand_driver.h"
#include "support/play.h"
#include "support/script.h"

using namespace perigee;
using namespace perigee::test;

namespace {

/// What is alive of all that was ever published.
class Census {
 public:
  struct Count {
    std::size_t programs, instances, lines;
    bool operator==(const Count&) const = default;
  };

  /// The program's channels die with it.
  struct Tag final : DriverChannels {};

  void add(Program& program) {
    struct Held final : DriverChannels {
      std::shared_ptr<Tag> tag = std::make_shared<Tag>();
    };
    auto held = std::make_unique<Held>();
    programs_.push_back(held->tag);
    program.channels = std::move(held);
    for (const auto& instance : program.instances) instances_.push_back(instance);
    for (const Line& line : program.lines) lines_.push_back(line.line);
    if (++added_ % 100 == 0) count();
  }
  Count count() { return {alive(programs_), alive(instances_), alive(lines_)}; }

 private:
  template <typename T>
  static std::size_t alive(std::vector<std::weak_ptr<T>>& all) {
    std::erase_if(all, [](const auto& one) { return one.expired(); });
    std::ranges::sort(all, std::owner_less<>());
    const auto twice = std::ranges::unique(
        all, [](const auto& a, const auto& b) { return !a.owner_before(b) && !b.owner_before(a); });
    all.erase(twice.begin(), twice.end());
    all.shrink_to_fit();
    return all.size();
  }

  std::vector<std::weak_ptr<Tag>> programs_;
  std::vector<std::weak_ptr<Instance>> instances_;
  std::vector<std::weak_ptr<DelayLine>> lines_;
  unsigned added_ = 0;
};

/// Bytes in use, those that malloc took from the system one by one too. 0 under the address sanitizer.
std::int64_t bytes_in_use() {
  const auto info = mallinfo2();
  return static_cast<std::int64_t>(info.uordblks + info.hblkhd);
}
/// In ten thousand edits: less than a byte each.
constexpr std::int64_t kTolerance = 8192;

void play(Engine& engine, int periods) {
  float out[4][kChunk];
  float* channels[] = {out[0], out[1], out[2], out[3]};
  const float silent[kChunk] = {};
  const float* in[] = {silent, silent};
  for (int i = 0; i < periods; ++i) engine.process(in, 2, channels, 4, kChunk);
}

}  // namespace

TEST_CASE("ten thousand edits hold what ten have held") {
  constexpr unsigned kFew = 10, kMany = 10000, kLargest = 84;
  Census census;
  Engine engine;
  Editor editor(engine, [&](auto program, const auto&) {
    census.add(*program);
    engine.publish(std::move(program));
  });
  std::mt19937_64 random(1);
  const auto edit = [&](unsigned number) {
    const Patch patch = patch_to_edit(number);
    std::vector<Mistake> mistakes;
    const Plan plan = compile(patch, 48000, mistakes);
    editor.edit(patch, plan, mistakes);
    CHECK(mistakes.empty());
  };
  const auto attend = [&] {
    Report report;
    while (engine.receive(report)) continue;
    return editor.attend();
  };
  const auto settle = [&] {
    for (int i = 0; i < 10000 && attend(); ++i) play(engine, 1);
    play(engine, 1);
    CHECK_FALSE(attend());
  };
  std::size_t most = 0;
  const auto edits = [&](unsigned count) {
    // On a thread of its own, with which goes what malloc keeps at hand for it.
    std::thread([&] {
      for (unsigned i = 0; i < count; ++i) {
        edit(static_cast<unsigned>(random() % kPatchesToEdit));
        // Many edits come in the middle of others, and some before anything was heard of the one before.
        for (auto periods = random() % 30; periods > 0; --periods) {
          attend();
          play(engine, 1);
        }
        if (i % 100 == 0) most = std::max(most, census.count().programs);
      }
      edit(kLargest);
      settle();
      census.count();
    }).join();
  };
  edits(kFew);
  const auto few = census.count();
  const auto bytes_few = bytes_in_use();
  edits(kMany - kFew);
  const auto many = census.count();
  const auto bytes_many = bytes_in_use();
  INFO("bytes ", bytes_few, " ", bytes_many, "; instances ", many.instances, ", lines ", many.lines,
       "; at most ", most, " programs at a time");
  CHECK(few.programs == 1);
  CHECK(many.programs == few.programs);
  CHECK(many.instances == few.instances);
  CHECK(many.lines <= 5);  // of what is delayed, and by less before
  CHECK(most <= 3);        // the one that plays, the next, and the one before
  CHECK(bytes_many - bytes_few < kTolerance);
}

TEST_CASE("a delay line that grows edit by edit holds one of each size, each twice as long") {
  Census census;
  Engine engine;
  Editor editor(engine, [&](auto program, const auto&) {
    census.add(*program);
    engine.publish(std::move(program));
  });
  for (int frames = 1; frames <= 4000; frames += 10) {
    PatchMaker maker;
    const Source tone = maker.add("sine", {}),
                 late = maker.add("lag", {tone}, {}, {{"frames", 1.0 * frames}});
    maker.output("main", maker.add("sum", {tone, late}));
    std::vector<Mistake> mistakes;
    const Plan plan = compile(maker.patch, 48000, mistakes);
    editor.edit(maker.patch, plan, mistakes);
    for (int i = 0; i < 50 || editor.attend(); ++i) play(engine, 1);
  }
  CHECK(census.count().lines == 6);  // 128, 256 … 4096 frames
}

TEST_CASE("a thousand saves, good and bad, and as many undone, hold what a hundred have held") {
  const Folder folder;
  Engine engine;
  HandDriver driver(engine);
  const auto write = [&](int number, bool good) {
    std::string text;
    for (int i = 0; i < 10; ++i)
      text += fmt::format("v{} = sine({}):lowpass({})\n", i, 100 + (number * i) % 100, 500 + number % 300);
    text += fmt::format("state.saves = {}\noutput('main', v{} + v9)\n", number % 10, number % 9);
    if (!good) text += number % 2 == 0 ? "x = nothing" : "x = sine(";
    folder.write("patch.lua", text);
  };
  write(0, true);
  LivePatch live(engine, driver, folder.path / "patch.lua", {.seconds = 60});
  REQUIRE(live.save().empty());
  const auto settle = [&] {
    for (int i = 0; i < 10000 && live.attend(); ++i) play(engine, 1);
    play(engine, 1);
    CHECK_FALSE(live.attend());
  };
  const auto saves = [&](int count) {
    std::thread([&] {
      for (int i = count; i > 0; --i) {  // so that the last hundred are always the same
        const bool good = i % 3 > 0;
        write(i, good);
        CHECK(live.save().empty() == good);
        play(engine, i % 20);
        live.attend();
      }
      for (int i = 0; i < 100; ++i) CHECK(live.undo());
      for (int i = 0; i < 100; ++i) CHECK(live.redo());
      settle();
    }).join();
    return bytes_in_use();
  };
  const auto few = saves(180), many = saves(1200);
  INFO("bytes ", few, " ", many);
  // Lua collects its garbage when it likes; a version that is kept takes ten thousand, a Lua state 500,000.
  CHECK(many - few < 65536);
}
