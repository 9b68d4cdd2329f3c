// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "measure/edit_cost.h"

#include <chrono>
#include <stdexcept>

#include "control/editor.h"

namespace perigee {

namespace {

constexpr double kRate = 48000;

/// A script in memory, run afresh for each edit.
class Save {
 public:
  explicit Save(std::string_view file)
      : name_(file), lua_(script_options({.rate = kRate, .text = script_of(file)})) {}
  LoadedPatch check() {
    LoadedPatch loaded = perigee::check(lua_, name_, kRate);
    if (!loaded.mistakes.empty()) throw std::runtime_error(to_string(loaded.mistakes.front()));
    return loaded;
  }

 private:
  std::filesystem::path name_;
  Script lua_;
};

class Stage {
 public:
  explicit Stage(int period)
      : period_(period),
        editor_(engine_, [this](auto program, const auto&) { engine_.publish(std::move(program)); }),
        played_(2, std::vector<float>(static_cast<std::size_t>(period))) {
    for (auto& channel : played_) out_.push_back(channel.data());
  }

  void edit(Save& save) {
    LoadedPatch loaded = save.check();
    std::vector<Mistake> mistakes;
    editor_.edit(version_of(std::move(loaded.patch), std::move(loaded.plan)), mistakes);
    if (!mistakes.empty()) throw std::runtime_error(to_string(mistakes.front()));
  }
  /// ns for one period.
  double play() {
    const auto start = std::chrono::steady_clock::now();
    engine_.process(nullptr, 0, out_.data(), static_cast<unsigned>(out_.size()), period_);
    return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count();
  }
  bool under_way() { return editor_.attend(); }

 private:
  int period_;
  Engine engine_;
  Editor editor_;
  std::vector<std::vector<float>> played_;
  std::vector<float*> out_;
};

}  // namespace

EditCost measure_edits(const EditWorkload& workload, int period) {
  Save saves[] = {Save(workload.before), Save(workload.after)};
  Stage stage(period);
  stage.edit(saves[0]);
  EditCost cost;
  for (int edit = 1; edit <= workload.edits; ++edit) {
    double last = 0;
    for (int i = 0; i < 32; ++i) last = stage.play();
    cost.at_rest.push_back(last);
    const auto start = std::chrono::steady_clock::now();
    stage.edit(saves[edit % 2]);
    cost.first.push_back(stage.play());
    cost.save_to_sound.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    double longest = 0;
    while (stage.under_way()) longest = std::max(longest, stage.play());
    cost.fading.push_back(longest);
  }
  return cost;
}

}  // namespace perigee
