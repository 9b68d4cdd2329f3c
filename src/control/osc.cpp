// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/osc.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "control/editor.h"
#include "engine/instance.h"
#include "patch/validate.h"
#include "script/hint.h"

namespace perigee {

namespace {

constexpr std::string_view kPrefix = "/perigee/";
constexpr double kLongestOscGlide = 86400;          // seconds
constexpr std::int64_t kFarthest = 60'000'000'000;  // nanoseconds ahead: beyond is somebody's wrong clock
constexpr std::int64_t kAhead = 200'000'000;        // nanoseconds: four looks at what waits
constexpr std::size_t kMostOscMessageValues = 256;  // Lua has no room for what a datagram can hold
constexpr std::size_t kMostBundlesWaiting = 65536;  // messages
constexpr std::size_t kMostBytesWaiting = std::size_t{64} << 20U;

struct Refusal : std::runtime_error {
  using std::runtime_error::runtime_error;
};

NodeId find_node(const Patch& patch, std::string_view name) {
  const auto found = std::ranges::find(patch.nodes, name, &PatchNode::name);
  if (!name.empty() && found != patch.nodes.end()) return static_cast<NodeId>(found - patch.nodes.begin());
  std::vector<std::string_view> names;
  for (const PatchNode& node : patch.nodes)
    if (!node.name.empty()) names.push_back(node.name);
  throw Refusal(fmt::format("there is no node \"{}\"{}", name, did_you_mean(name, names)));
}

unsigned find_param(const Patch& patch, NodeId id, std::string_view name) {
  const Spec& spec = *patch.nodes[id].spec;
  const auto found = std::ranges::find(spec.params, name, &Param::name);
  if (found != spec.params.end()) return static_cast<unsigned>(found - spec.params.begin());
  if (std::ranges::find(spec.fixed, name, &Fixed::name) != spec.fixed.end())
    throw Refusal(fmt::format("{} is fixed when the node is made", name));
  std::vector<std::string_view> names;
  for (const Param& param : spec.params) names.push_back(param.name);
  throw Refusal(fmt::format("{} has no parameter {}{}", label(patch, id), name, did_you_mean(name, names)));
}

double number(const OscMessage& message, std::size_t index, std::string_view what) {
  const double* found = std::get_if<double>(&message.values[index]);
  if (found == nullptr) throw Refusal(fmt::format("its {} is no number", what));
  return *found;
}

std::size_t size_of(const OscMessage& message) {
  std::size_t size = sizeof message + message.path.size();
  for (const OscValue& value : message.values) {
    const auto* text = std::get_if<std::string>(&value);
    size += sizeof value + (text == nullptr ? 0 : text->size());
  }
  return size;
}

Event checked_event_of(const OscMessage& message, const OscTarget& target, Frames time) {
  std::string_view path = message.path;
  if (!path.starts_with(kPrefix)) throw Refusal("paths begin with /perigee/");
  path.remove_prefix(kPrefix.size());
  const Patch& patch = target.patch();
  const std::size_t slash = path.find('/');
  const NodeId id = find_node(patch, path.substr(0, slash));
  const PatchNode& node = patch.nodes[id];
  if (slash == std::string_view::npos && node.spec->kind != "param")
    throw Refusal(fmt::format("say which parameter: {}/NAME", message.path));
  const unsigned param = slash == std::string_view::npos ? 0 : find_param(patch, id, path.substr(slash + 1));
  const Param& declared = node.spec->params[param];
  const auto at = number_at(patch, id, param);
  if (!at) throw Refusal(fmt::format("{} follows a signal", declared.name));

  if (message.values.empty() || message.values.size() > 2)
    throw Refusal(fmt::format("it takes a value and perhaps seconds, not {} values", message.values.size()));
  const double value = number(message, 0, "value");
  const Range range = range_of(node, param);
  if (const auto text = range_mistake(declared.name, value, range.min, range.max, declared.unit);
      !text.empty())
    throw Refusal(text);
  double seconds = declared.change == Change::ramp ? kRampSeconds : 0;
  if (message.values.size() == 2) {
    seconds = number(message, 1, "time");
    if (const auto text = range_mistake("seconds", seconds, 0, kLongestOscGlide, Unit::none); !text.empty())
      throw Refusal(text);
  }
  Instance* const instance = target.instance(at->node);
  if (instance == nullptr) throw Refusal(fmt::format("{} does not play yet", label(patch, id)));
  return {.time = time,
          .target = instance,
          .param = at->param,
          .value = static_cast<float>(value),
          .glide = static_cast<Frames>(seconds * target.rate())};
}

}  // namespace

Event event_of(const OscMessage& message, const OscTarget& target, Frames time, std::string& mistake) {
  try {
    return checked_event_of(message, target, time);
  } catch (const Refusal& refusal) {
    mistake = refusal.what();
    return {};
  }
}

void Osc::take(std::span<const char> bytes, std::string_view from) {
  const std::int64_t clock = target_.clock();
  OscPacket packet = parse_osc(bytes);
  if (!packet.mistake.empty()) refusals_.add(from, packet.mistake);
  for (OscMessage& message : packet.messages) {
    if (message.values.size() > kMostOscMessageValues) {
      refusals_.add(from, fmt::format("{}: {} values are more than {}", message.path, message.values.size(),
                                      kMostOscMessageValues));
    } else if (!message.when || *message.when <= clock) {
      send(message, from, 0);
    } else if (*message.when - clock > kFarthest) {
      refusals_.add(from, fmt::format("{}: its time is more than a minute ahead", message.path));
    } else if (waiting_.size() >= kMostBundlesWaiting ||
               bytes_waiting_ + size_of(message) > kMostBytesWaiting) {
      refusals_.add(from, fmt::format("{}: too many messages wait for their time", message.path));
    } else {
      const std::int64_t when = *message.when;
      bytes_waiting_ += size_of(message);
      waiting_.emplace(when, Waiting{std::move(message), std::string(from)});
    }
  }
}

std::string Osc::attend() {
  const Frames now = target_.now();
  const std::int64_t clock = target_.clock();
  clock_.observe(now, clock, target_.rate());
  while (!waiting_.empty() && waiting_.begin()->first <= clock + kAhead) {
    const auto first = waiting_.extract(waiting_.begin());
    bytes_waiting_ -= size_of(first.mapped().message);
    send(first.mapped().message, first.mapped().from, std::max<Frames>(clock_.at(first.key()), 0));
  }
  return refusals_.due(clock);
}

void Osc::send(const OscMessage& message, std::string_view from, Frames time) {
  std::string mistake;
  if (target_.tell(message, time)) return;
  const Event event = event_of(message, target_, time, mistake);
  if (mistake.empty() && !target_.send(event)) mistake = "too many events are on their way";
  if (!mistake.empty()) refusals_.add(from, fmt::format("{}: {}", message.path, mistake));
}

}  // namespace perigee
