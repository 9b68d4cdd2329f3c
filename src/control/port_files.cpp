// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/port_files.h"

#include <fmt/format.h>

#include <algorithm>

#include "files/resample.h"

namespace perigee {

namespace {

/// The port that is meant: by its name, else `usual`, else the only one.
template <typename Binding>
const Binding& find_port(const std::vector<Binding>& ports, const std::string& name, std::string_view usual,
                         std::string_view what) {
  for (const Binding& port : ports)
    if (port.name == (name.empty() ? usual : name)) return port;
  if (name.empty() && ports.size() == 1) return ports.front();
  std::string names;
  for (const Binding& port : ports) names += (names.empty() ? "" : ", ") + port.name;
  const std::string there = ports.empty() ? fmt::format("the patch has no {}", what)
                                          : fmt::format("the patch's {}s are: {}", what, names);
  if (ports.empty() && what == "output") throw Misfit("the patch has no output: there is nothing to render");
  throw Misfit(name.empty() ? fmt::format("{}: say which, as PORT=FILE", there)
                            : fmt::format("there is no {} \"{}\": {}", what, name, there));
}

/// To the program's rate.
void check_resampling(const std::string& file, const files::SoundFile& sound, double rate) {
  if (!(rate / sound.rate <= files::kMostApart && sound.rate / rate <= files::kMostApart))
    throw Misfit(
        fmt::format("{}: its rate, {} Hz, is too far from {} Hz to be converted", file, sound.rate, rate));
  if (!files::fits_memory(files::resampled_frames(sound.frames(), sound.rate, rate), sound.lanes.size()))
    throw Misfit(fmt::format("{}: at {} Hz it is too long for memory", file, rate));
}

}  // namespace

InputFile read_input(const PortFile& place) {
  try {
    return {place, files::read_sound(place.file)};
  } catch (const std::runtime_error& error) {
    throw Misfit(error.what());
  }
}

Frames MidiTrack::frames(double rate) const {
  return (messages.empty() ? 0 : messages.back().time) + static_cast<Frames>(rate);
}

MidiTrack read_midi(const PortFile& place, const Program& program) {
  const MidiBinding& port = find_port(program.midi, place.port, "", "MIDI port");
  MidiTrack track{.port = static_cast<unsigned>(&port - program.midi.data())};
  try {
    files::MidiFile file = files::read_midi(place.file, program.rate);
    track.messages = std::move(file.messages);
    track.remarks = std::move(file.remarks);
  } catch (const std::runtime_error& error) {
    throw Misfit(error.what());
  }
  track.left = track.messages;
  return track;
}

std::vector<InputFile> resampled(std::vector<InputFile> files, double rate) {
  for (auto& [place, sound] : files) {
    check_resampling(place.file, sound, rate);
    for (auto& lane : sound.lanes)
      if (sound.rate != rate) lane = files::resample(lane, sound.rate, rate);
    sound.rate = rate;
  }
  return files;
}

std::vector<std::vector<float>> channels_from(const std::vector<InputFile>& files, const Program& program) {
  std::vector<std::vector<float>> channels(program.in_channels);
  for (const auto& [place, sound] : files) {
    const PortBinding& port = find_port(program.inputs, place.port, "", "input");
    const auto& lanes = sound.lanes;
    if (lanes.size() != 1 && lanes.size() != port.lanes)
      throw Misfit(fmt::format("input \"{}\" has {} lanes, and the file for it has {}", port.name, port.lanes,
                               lanes.size()));
    check_resampling(place.file, sound, program.rate);
    for (unsigned lane = 0; lane < port.lanes; ++lane) {
      const auto& from = lanes[lanes.size() == 1 ? 0 : lane];
      channels[port.first_channel + lane] =
          sound.rate == program.rate ? from : files::resample(from, sound.rate, program.rate);
    }
  }
  return channels;
}

OutputFile::OutputFile(const PortFile& place, const Program& program)
    : port_(find_port(program.outputs, place.port, "main", "output")),
      file_(place.file),
      writer_(std::make_unique<files::SoundWriter>(place.file, program.rate, port_.lanes)),
      loudness_(std::make_unique<files::Loudness>(program.rate, port_.lanes)) {}

void OutputFile::follow(const Program& program) {
  const auto found = std::ranges::find_if(program.outputs, [&](const PortBinding& port) {
    return port.name == port_.name && port.lanes == port_.lanes;
  });
  there_ = found != program.outputs.end();
  if (there_) port_ = *found;
}

void OutputFile::take(std::span<const float* const> channels, Frames at, int frames, Frames wanted) {
  const Frames from = std::clamp<Frames>(start_ - at, 0, frames);
  const Frames to = std::clamp<Frames>(start_ + wanted - at, from, frames);
  if (from == to) return;
  std::vector<const float*> lanes;
  const std::vector<float> silence(there_ ? 0 : static_cast<std::size_t>(frames));
  for (unsigned lane = 0; lane < port_.lanes; ++lane)
    lanes.push_back(there_ ? channels[port_.first_channel + lane] + from : silence.data());
  writer_->write(lanes, to - from);
  loudness_->add(lanes, to - from);
}

}  // namespace perigee
