// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>
#include <vector>

#include "dsp/sinc.h"
#include "files/resample.h"
#include "files/sound_file.h"
#include "node/spec.h"

namespace {

using namespace perigee;

constexpr double kFastest = 8;

constexpr Port out[] = {
    {"out", "the file's channels; one channel is spread to as many lanes as rate and gate have"}};
constexpr Param params[] = {
    {"rate", Unit::ratio, -kFastest, kFastest, 1, "speed, and with it pitch; a negative one runs backwards"},
    {"gate", Unit::none, 0, 1, 1, "above 0.5 it plays; rising, it starts again; falling, it fades in 5 ms",
     Change::step},
};
constexpr Fixed fixed[] = {
    text("file", "", "sound file, from the patch's folder; read whole, and converted to the session's rate",
         true),
    number("loop", Unit::none, 0, 1, 0, "1: after the end comes the beginning"),
    number("start", Unit::seconds, 0, kNoLimit, 0, "where in the file to start"),
};

std::filesystem::path path_of(const Setup& setup) { return setup.folder / setup.text(0); }

/// A place in the file: 2^32 steps a frame, so that an hour of additions drifts by nothing.
using Place = std::int64_t;
constexpr int kFraction = 32;

/// Frames of silence, or of the loop's other end, before and behind the sound: the playhead stops at half of
/// them, and reading reaches over the other half.
constexpr Frames kMargin = 2 * (static_cast<Frames>(kFastest) * dsp::Sinc::kReach + 1);

struct Voice {
  Place place = 0;
  Place tail_place = 0;  ///< of what fades since the gate fell
  Frames tail = 0;       ///< frames left of that
  bool open = false;
};

class Player final : public Node {
 public:
  explicit Player(const Setup& setup)
      : sinc_(dsp::Sinc::shared()),
        looped_(setup.number(1) >= 0.5),
        start_(setup.frames(2) << kFraction),
        fade_(std::llround(0.005 * setup.rate)),
        voices_(setup.lanes) {
    files::SoundFile sound = files::read_sound(path_of(setup));
    frames_ = files::resampled_frames(sound.frames(), sound.rate, setup.rate);
    if (frames_ <= 0) throw std::runtime_error(path_of(setup).string() + ": is shorter than one frame");
    if (frames_ > (Frames{1} << 30))
      throw std::runtime_error(path_of(setup).string() + ": is too long for memory");
    // The file may have changed since its header was read.
    if (sound.lanes.size() != 1 && sound.lanes.size() != setup.lanes)
      throw std::runtime_error(path_of(setup).string() + ": has changed while it was loaded");
    lanes_.reserve(sound.lanes.size());
    for (auto& lane : sound.lanes) {
      const auto converted = files::resample(lane, sound.rate, setup.rate);
      lane = {};
      std::vector<float>& wide = lanes_.emplace_back(static_cast<std::size_t>(frames_ + 2 * kMargin));
      for (Frames i = -kMargin; i < frames_ + kMargin; ++i) {
        const Frames from = looped_ ? ((i % frames_) + frames_) % frames_ : i;
        if (from >= 0 && from < frames_)
          wide[static_cast<std::size_t>(i + kMargin)] = converted[static_cast<std::size_t>(from)];
      }
    }
  }

  static Bytes memory(const Setup& setup) {
    const auto [lanes, from, to] = length(setup);
    return Bytes::of<Player>(1) + Bytes::of<Voice>(setup.lanes) +
           (Bytes::of<std::vector<float>>(1) + Bytes::of<float>(to) + Bytes::of<float>(2 * kMargin)) * lanes;
  }
  /// The file as it is, in memory that grew with it, and two lanes on their way to the session's rate.
  static Bytes memory_to_build(const Setup& setup) {
    const auto [lanes, from, to] = length(setup);
    return Bytes::of<float>(from) * (2 * lanes) + Bytes::of<float>(from) * 2 + Bytes::of<float>(to) +
           Bytes(1 << 20);
  }

  void process(const Block& io) noexcept override {
    for (unsigned lane = 0; lane < io.out[0].lanes; ++lane) {
      const auto rate = io.param[0][lane], gate = io.param[1][lane];
      const float* sound = lanes_[lanes_.size() == 1 ? 0 : lane].data() + kMargin;
      Voice& voice = voices_[lane];
      float* out = io.out[0][lane];
      for (int i = 0; i < io.frames; ++i) {
        const float speed = std::clamp(rate[i], -static_cast<float>(kFastest), static_cast<float>(kFastest));
        const bool open = gate[i] > 0.5F;
        if (open && !voice.open) voice.place = start_;
        if (!open && voice.open) {
          voice.tail_place = voice.place;
          voice.tail = fade_;
        }
        voice.open = open;
        out[i] = open ? play(sound, voice.place, speed) : 0;
        if (voice.tail > 0) {
          const float gain = static_cast<float>(voice.tail--) / static_cast<float>(fade_);
          out[i] += gain * play(sound, voice.tail_place, speed);
        }
      }
    }
  }
  void reset() noexcept override { std::ranges::fill(voices_, Voice()); }

 private:
  struct Length {
    std::uint64_t lanes = 1, from = 0, to = 0;  ///< of the file; frames before and after conversion
  };
  static Length length(const Setup& setup) {
    try {
      const auto header = files::probe_sound(path_of(setup));
      return {header.lanes, static_cast<std::uint64_t>(header.frames),
              static_cast<std::uint64_t>(files::resampled_frames(header.frames, header.rate, setup.rate))};
    } catch (const std::runtime_error&) {
      return {};  // check tells
    }
  }

  /// The value at a place, which then moves on.
  float play(const float* sound, Place& place, float speed) const {
    const Place end = frames_ << kFraction, halt = (kMargin / 2) << kFraction;
    const bool gone = !looped_ && (place <= -halt || place >= end + halt);
    const auto part = static_cast<float>((place & ((Place{1} << kFraction) - 1)) >> 8) * 0x1p-24F;
    const float value = gone ? 0 : sinc_(sound + (place >> kFraction), part, std::abs(speed));
    place += static_cast<Place>(static_cast<double>(speed) * 0x1p32);
    if (looped_) {
      if (place >= end || place < 0) place = ((place % end) + end) % end;
    } else {
      place = std::clamp(place, -halt, end + halt);
    }
    return value;
  }

  const dsp::Sinc& sinc_;
  bool looped_;
  Place start_;
  Frames fade_;
  Frames frames_ = 0;
  std::vector<std::vector<float>> lanes_;  ///< of the file, with margins
  std::vector<Voice> voices_;              ///< of the outputs' lanes
};

unsigned lanes(const Setup& setup) {
  try {
    const unsigned channels = files::probe_sound(path_of(setup)).lanes;
    return channels == 1 ? widest(setup) : channels;
  } catch (const std::runtime_error&) {
    return 1;  // check tells
  }
}

std::string check(const Setup& setup) {
  try {
    const auto header = files::probe_sound(path_of(setup));
    const double start = setup.number(2);
    if (start > header.seconds())
      return fmt::format("start {:.6g} s is behind the end of {}, which is {:.6g} s long", start,
                         path_of(setup).string(), header.seconds());
    if (std::max(header.rate / setup.rate, setup.rate / header.rate) > files::kMostApart)
      return fmt::format("{} has {} Hz, which is too far from {} Hz to be converted", path_of(setup).string(),
                         header.rate, setup.rate);
    if (!files::fits_memory(files::resampled_frames(header.frames, header.rate, setup.rate), header.lanes))
      return fmt::format("{} is too long for memory at {} Hz", path_of(setup).string(), setup.rate);
    if (header.lanes > 1 && widest(setup) > 1 && widest(setup) != header.lanes)
      return fmt::format(
          "{} has {} channels and rate or gate has {} lanes: only a file of one channel spreads",
          path_of(setup).string(), header.lanes, widest(setup));
    return {};
  } catch (const std::runtime_error& mistake) {
    return mistake.what();
  }
}

}  // namespace

PERIGEE_NODE(player) = {
    .kind = "player",
    .group = "sources",
    .doc = "plays a sound file: exactly as it is at rate 1, and at other speeds without aliases",
    .out = out,
    .params = params,
    .fixed = fixed,
    .make = make<Player>,
    .lanes = lanes,
    .memory = Player::memory,
    .memory_to_build = Player::memory_to_build,
    .check = check,
    .args = "file rate gate loop start",
};
