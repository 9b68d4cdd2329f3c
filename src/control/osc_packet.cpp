// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/osc_packet.h"

#include <algorithm>
#include <bit>
#include <stdexcept>
#include <string_view>

namespace perigee {

namespace {

constexpr std::string_view kBundle{"#bundle\0", 8};
constexpr int kDeepestBundle = 8;                     // bundles in bundles
constexpr std::int64_t kFrom1900To1970 = 2208988800;  // seconds

/// Why a packet is refused.
struct Refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

std::uint32_t big_endian(std::span<const char> bytes) {
  std::uint32_t number = 0;
  for (const char byte : bytes.first(4)) number = number << 8U | static_cast<unsigned char>(byte);
  return number;
}

/// Of an NTP time; all zeros and a one mean at once.
std::optional<std::int64_t> time_of(std::span<const char> tag) {
  const std::uint32_t seconds = big_endian(tag), fraction = big_endian(tag.subspan(4));
  if (seconds == 0 && fraction <= 1) return {};
  const auto nanoseconds = static_cast<std::int64_t>((std::uint64_t{fraction} * 1'000'000'000U) >> 32U);
  return (std::int64_t{seconds} - kFrom1900To1970) * 1'000'000'000 + nanoseconds;
}

/// Reads what stands in a message, one after the other.
class PacketReader {
 public:
  explicit PacketReader(std::span<const char> bytes) : rest_(bytes) {}

  bool at_end() const { return rest_.empty(); }
  std::span<const char> take(std::size_t size) {
    if (size > rest_.size()) throw Refused("it is cut off");
    const auto taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }
  /// Ends with a zero, and is filled up with zeros to 4 bytes.
  std::string_view text() {
    const auto end = std::ranges::find(rest_, '\0');
    const auto length = static_cast<std::size_t>(end - rest_.begin());
    const auto padded = take(length / 4 * 4 + 4);
    if (!std::ranges::all_of(padded.subspan(length), [](char byte) { return byte == 0; }))
      throw Refused("a text in it does not end in zeros");
    return {padded.data(), length};
  }
  std::uint32_t word() { return big_endian(take(4)); }
  std::uint64_t long_word() {
    const std::uint64_t high = word();
    return high << 32U | word();
  }

 private:
  std::span<const char> rest_;
};

OscValue read_value(char type, PacketReader& reader) {
  switch (type) {
    case 'i':
      return static_cast<double>(static_cast<std::int32_t>(reader.word()));
    case 'h':
      return static_cast<double>(static_cast<std::int64_t>(reader.long_word()));
    case 'f':
      return static_cast<double>(std::bit_cast<float>(reader.word()));
    case 'd':
      return std::bit_cast<double>(reader.long_word());
    case 'T':
      return 1.0;
    case 'F':
      return 0.0;
    case 's':
    case 'S':
      return std::string(reader.text());
    case 'b': {
      const std::size_t size = reader.word();
      reader.take((size + 3) / 4 * 4);
      return {};
    }
    case 'c':
    case 'r':
    case 'm':
      reader.take(4);
      return {};
    case 't':
      reader.take(8);
      return {};
    case 'N':
    case 'I':
      return {};
    default:
      throw Refused("it has values of a type that is not known");
  }
}

OscMessage message_of(std::span<const char> bytes) {
  if (bytes.front() != '/') throw Refused("its path does not begin with /");
  PacketReader reader(bytes);
  OscMessage read{.path = std::string(reader.text())};
  if (reader.at_end()) throw Refused("it does not tell the types of its values");
  const std::string_view types = reader.text();
  if (!types.starts_with(',')) throw Refused("it does not tell the types of its values");
  for (const char type : types.substr(1)) read.values.push_back(read_value(type, reader));
  if (!reader.at_end()) throw Refused("it holds more than it tells");
  return read;
}

void open(std::span<const char> bytes, int depth, std::vector<OscMessage>& messages) {
  if (bytes.empty() || bytes.size() % 4 != 0) throw Refused("its size is no multiple of 4 bytes");
  if (!std::string_view(bytes.data(), bytes.size()).starts_with(kBundle)) {
    messages.push_back(message_of(bytes));
    return;
  }
  if (depth >= kDeepestBundle) throw Refused("its bundles are nested too deep");
  if (bytes.size() < 16) throw Refused("its bundle is cut off");
  const auto when = time_of(bytes.subspan(8));
  for (auto rest = bytes.subspan(16); !rest.empty();) {
    const std::size_t size = big_endian(rest);
    rest = rest.subspan(4);
    if (size > rest.size()) throw Refused("its bundle is cut off");
    const std::size_t first = messages.size();
    const bool is_bundle = std::string_view(rest.data(), size).starts_with(kBundle);
    open(rest.first(size), depth + 1, messages);
    if (!is_bundle) messages[first].when = when;
    rest = rest.subspan(size);
  }
}

}  // namespace

std::vector<char> osc_packet(const std::string& path,
                             std::span<const std::variant<bool, double, std::string>> values) {
  std::vector<char> bytes;
  const auto add_text = [&](std::string_view text) {
    text = text.substr(0, text.find('\0'));
    bytes.insert(bytes.end(), text.begin(), text.end());
    bytes.resize(bytes.size() / 4 * 4 + 4);
  };
  std::string types = ",";
  for (const auto& value : values) {
    const bool* truth = std::get_if<bool>(&value);
    types += truth != nullptr ? (*truth ? 'T' : 'F') : std::holds_alternative<double>(value) ? 'f' : 's';
  }
  add_text(path);
  add_text(types);
  for (const auto& value : values) {
    if (const auto* text = std::get_if<std::string>(&value)) add_text(*text);
    if (const auto* number = std::get_if<double>(&value)) {
      const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(*number));
      for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(bits >> shift));
    }
  }
  return bytes;
}

OscPacket parse_osc(std::span<const char> bytes) {
  OscPacket packet;
  try {
    open(bytes, 0, packet.messages);
  } catch (const Refused& refusal) {
    packet = {.mistake = refusal.what()};
  }
  return packet;
}

}  // namespace perigee
