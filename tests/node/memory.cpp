// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a declaration says of a node's memory and lanes is what the node takes and writes. All that C++
// allocates here is counted; what libraries in C do is seen by the allocator's own account.

#include <doctest/doctest.h>
#include <malloc.h>

#include <atomic>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <new>

#include "node/fade.h"
#include "node/spillover.h"
#include "support/sample.h"

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr bool kCounts = false;  // sanitizers have an allocator of their own
#else
constexpr bool kCounts = true;
#endif

namespace {

std::atomic<std::size_t> live_bytes{0}, peak_bytes{0};

}  // namespace

#if !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
namespace {

void* counted(void* memory) {
  if (memory == nullptr) throw std::bad_alloc();
  const std::size_t now = live_bytes += malloc_usable_size(memory);
  for (std::size_t peak = peak_bytes; peak < now && !peak_bytes.compare_exchange_weak(peak, now);) {
  }
  return memory;
}

void freed(void* memory) {
  if (memory != nullptr) live_bytes -= malloc_usable_size(memory);
  std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) { return counted(std::malloc(size)); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  const auto step = static_cast<std::size_t>(alignment);
  return counted(std::aligned_alloc(step, (size + step - 1) / step * step));
}
void operator delete(void* memory) noexcept { freed(memory); }
void operator delete(void* memory, std::size_t) noexcept { freed(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { freed(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { freed(memory); }
#endif

using namespace perigee;
using namespace perigee::test;

namespace {

/// A node as a patch would make it.
struct Case {
  const Spec& spec;
  std::vector<unsigned> in_lanes, param_lanes;
  std::vector<Value> fixed;
  Setup setup;

  Case(const Spec& kind, unsigned lanes, unsigned many, double rate) : spec(kind) {
    const Rig rig = sample(spec, lanes, true, 1);
    for (const Sound& sound : rig.in) in_lanes.push_back(static_cast<unsigned>(sound.size()));
    while (in_lanes.size() < spec.in.size()) in_lanes.push_back(1);
    if (!spec.in.empty() && spec.in.back().many)
      in_lanes.resize(std::max<std::size_t>(in_lanes.size(), many), lanes);
    for (const Param& param : spec.params) {
      const auto given = rig.params.find(std::string(param.name));
      const auto* sound = given == rig.params.end() ? nullptr : std::get_if<Sound>(&given->second);
      param_lanes.push_back(sound == nullptr ? 1 : static_cast<unsigned>(sound->size()));
    }
    fixed = blank_values();
    for (std::size_t i = 0; i < spec.fixed.size(); ++i) {
      const auto given = rig.fixed.find(std::string(spec.fixed[i].name));
      if (given != rig.fixed.end()) fixed[i] = given->second;
      if (spec.fixed[i].type == Fixed::Type::numbers) fixed[i] = std::vector<double>(lanes, 1);
      if (spec.fixed[i].type == Fixed::Type::points) fixed[i] = points(lanes);
    }
    setup = {.rate = rate, .ordinal = 1};
  }
  Case(const Case&) = delete;
  Case& operator=(const Case&) = delete;

  /// False when the kind has no such node.
  bool settle() {
    setup.in_lanes = in_lanes;
    setup.param_lanes = param_lanes;
    setup.fixed = fixed;
    if (!spec.check(setup).empty()) return false;
    setup.lanes = std::max(spec.lanes(setup), 1U);
    return true;
  }

 private:
  std::vector<Value> blank_values() const {
    std::vector<Value> values;
    for (const Fixed& one : spec.fixed)
      values.push_back(one.type == Fixed::Type::number ? Value(one.required ? one.min : one.number)
                                                       : Value(std::string(one.text)));
    return values;
  }
  static std::vector<Point> points(unsigned count) {
    std::vector<Point> all(count);
    for (unsigned i = 0; i < count; ++i) all[i].time = i;
    return all;
  }
};

std::vector<const Spec*> kinds_with_nodes() {
  std::vector<const Spec*> kinds{&fade_spec, &spillover_spec};
  for (const Spec* spec : all_kinds())
    if (spec->make != nullptr) kinds.push_back(spec);
  return kinds;
}

/// As it is by default, then with each fixed value at either end and in between, and each choice.
template <typename See>
void each_setup(const Spec& spec, unsigned lanes, unsigned many, double rate, const See& see) {
  const auto see_with = [&](std::size_t index, const Value& value) {
    Case one(spec, lanes, many, rate);
    if (index < one.fixed.size()) one.fixed[index] = value;
    if (one.settle()) see(one);
  };
  see_with(SIZE_MAX, 0.0);
  for (std::size_t i = 0; i < spec.fixed.size(); ++i) {
    const Fixed& fixed = spec.fixed[i];
    for (const auto choice : fixed.choices) see_with(i, std::string(choice));
    if (fixed.type != Fixed::Type::number) continue;
    const double min = std::max(fixed.min, -1e6), max = std::min(fixed.max, 1e6);
    for (const double part : {0.0, 0.01, 0.5, 1.0}) see_with(i, std::floor(min + (max - min) * part));
    see_with(i, max);
  }
}

struct Taken {
  std::size_t kept = 0, peak = 0, in_all = 0;  ///< by C++: afterwards, at most; and by all
};

std::size_t bytes_in_use() {
  const auto info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

Taken build(const Case& one) {
  const std::size_t before = live_bytes, before_in_all = bytes_in_use();
  peak_bytes = before;
  const auto node = one.spec.make(one.setup);
  return {live_bytes - before, peak_bytes - before, bytes_in_use() - before_in_all};
}

/// What the allocator adds to large blocks.
std::size_t with_slack(Bytes bytes) { return bytes.count() + bytes.count() / 16 + 4096; }

}  // namespace

TEST_CASE("a node takes what it declares, and not much less") {
  if (!kCounts) return;
  constexpr Bytes kMost{std::uint64_t{48} << 20U};  // larger ones are not built here
  for (const Spec* spec : kinds_with_nodes()) {
    CAPTURE(std::string(spec->kind));
    std::size_t built = 0;
    for (const unsigned lanes : {1U, 2U, 3U, 60U, 2000U}) {
      for (const unsigned many : {1U, 20U}) {
        for (const double rate : {8000.0, 44100.0, 192000.0}) {
          each_setup(*spec, lanes, many, rate, [&](const Case& one) {
            const Bytes declared = spec->memory(one.setup), to_build = spec->memory_to_build(one.setup);
            if (declared + to_build > kMost) return;
            build(one);  // what is made once for all is made now
            const Taken taken = build(one);
            ++built;
            CAPTURE(lanes);
            CAPTURE(many);
            CAPTURE(rate);
            CAPTURE(one.setup.lanes);
            CAPTURE(declared.count());
            REQUIRE(taken.kept <= with_slack(declared));
            REQUIRE(taken.in_all <= with_slack(declared));
            REQUIRE(taken.peak <= with_slack(declared + to_build));
            REQUIRE(declared.count() <= 2 * std::max(taken.kept, taken.in_all) + 4096);
          });
        }
      }
    }
    CHECK(built > 0);
  }
}

TEST_CASE("what is declared of nodes that nobody could build is more than anybody has") {
  // 65,536 lanes of a minute; a second of latency of each; and what saturates.
  const auto declared = [](const char* kind, double value) {
    Case one(*find_kind(kind), 1, 1, 48000);
    one.fixed[0] = value;
    one.in_lanes.assign(one.in_lanes.size(), 65536);
    one.setup.in_lanes = one.in_lanes;
    one.setup.param_lanes = one.param_lanes;
    one.setup.fixed = one.fixed;
    one.setup.lanes = 65536;
    return one.spec.memory(one.setup);
  };
  CHECK(declared("delay", 60) >= Bytes::of<float>(65536) * (60 * 48000));
  CHECK(declared("lag", 1 << 22) >= Bytes::of<float>(65536) * (1 << 22));
  CHECK(Bytes::of<float>(1ULL << 40U) * (1ULL << 40U) == Bytes::all_there_are());
  CHECK(Bytes::all_there_are() + Bytes(1) == Bytes::all_there_are());
}

TEST_CASE("bytes are told in three digits") {
  CHECK(in_words(Bytes(1)) == "1 byte");
  CHECK(in_words(Bytes(1023)) == "1023 bytes");
  CHECK(in_words(Bytes(1024)) == "1 KiB");
  CHECK(in_words(Bytes(1536ULL << 20U)) == "1.5 GiB");
  CHECK(in_words(Bytes(1023ULL << 20U)) == "0.999 GiB");
  CHECK(in_words(Bytes::all_there_are()) == "16 EiB");
}

TEST_CASE("a node writes the lanes of its outputs, and nothing else") {
  constexpr std::size_t kFence = 256;
  constexpr float kUntouched = 12345.F;
  for (const Spec* spec : kinds_with_nodes()) {
    CAPTURE(std::string(spec->kind));
    for (const unsigned lanes : {1U, 2U, 3U, 17U, 60U}) {
      CAPTURE(lanes);
      each_setup(*spec, lanes, 5, 48000, [&](const Case& one) {
        if (spec->memory(one.setup) > Bytes(8 << 20U)) return;
        const auto node = spec->make(one.setup);
        std::vector<std::vector<float>> in, param, out;
        std::vector<Signal> signals;
        std::vector<Control> controls;
        std::vector<Output> outputs;
        for (const unsigned n : one.in_lanes) {
          const auto& data = in.emplace_back(std::size_t{n} * kChunk, 0.25F);
          signals.push_back({data.data(), n, n == 1 ? 0U : static_cast<unsigned>(kChunk)});
        }
        for (std::size_t i = 0; i < one.param_lanes.size(); ++i) {
          const unsigned n = one.param_lanes[i];
          const Param& declared = spec->params[i];
          const auto& data =
              param.emplace_back(std::size_t{n} * kChunk,
                                 static_cast<float>(std::isnan(declared.initial) ? 1 : declared.initial));
          controls.push_back({data.data(), n == 1 ? 0U : static_cast<unsigned>(kChunk), false});
        }
        for (std::size_t i = 0; i < spec->out.size(); ++i) {
          auto& data = out.emplace_back(2 * kFence + std::size_t{one.setup.lanes} * kChunk, kUntouched);
          outputs.push_back({data.data() + kFence, one.setup.lanes, kChunk});
        }
        for (int call = 0; call < 3; ++call)
          node->process({.frames = kChunk, .in = signals, .param = controls, .out = outputs});
        for (const auto& data : out) {
          const auto untouched = [&](float x) { return x == kUntouched; };
          REQUIRE(std::all_of(data.begin(), data.begin() + kFence, untouched));
          REQUIRE(std::all_of(data.end() - kFence, data.end(), untouched));
          REQUIRE(std::none_of(data.begin() + kFence, data.end() - kFence, untouched));
        }
      });
    }
  }
}
