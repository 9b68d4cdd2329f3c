// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "picture/layers.h"

#include <algorithm>
#include <numeric>

namespace perigee {

namespace {

// Pixels.
constexpr double kBoxHeight = 42, kPerWire = 16, kBetweenBoxes = 26, kBetweenWires = 14, kBetweenLayers = 130,
                 kMargin = 30, kTitle = 30;
/// A wire over more layers goes straight: nobody can follow it anyway, and each layer of each wire takes
/// memory.
constexpr std::size_t kLongestDetour = 60;

/// A box, or the place where a wire passes through a layer.
struct Item {
  std::size_t layer = 0;
  double height = 0;  ///< 0: a wire
  double centre = 0;
  std::vector<std::size_t> left, right;  ///< neighbours in the layers before and after
};

class Arranger {
 public:
  explicit Arranger(const Picture& picture) : picture_(picture), items_(picture.nodes.size()) {}

  Drawing run(const std::vector<double>& widths) {
    find_layers();
    find_items();
    for (int round = 0; round < 8; ++round) sort_layers(round % 2 == 0);
    for (int round = 0; round < 12; ++round) settle(round % 2 == 0);
    return draw(widths);
  }

 private:
  /// The longest path from a source to the node; a source stands right before what it first feeds.
  void find_layers() {
    std::vector<bool> fed(items_.size());
    for (const auto& wire : picture_.wires) {
      if (wire.closes) continue;
      fed[wire.to] = true;
      items_[wire.to].layer = std::max(items_[wire.to].layer, items_[wire.from].layer + 1);
    }
    std::vector<std::size_t> first(items_.size(), SIZE_MAX);
    for (const auto& wire : picture_.wires)
      if (!wire.closes) first[wire.from] = std::min(first[wire.from], items_[wire.to].layer);
    for (std::size_t i = 0; i < items_.size(); ++i)
      if (!fed[i] && first[i] != SIZE_MAX) items_[i].layer = first[i] - 1;
  }

  void find_items() {
    std::vector<unsigned> wires_in(items_.size());
    passes_.resize(picture_.wires.size());
    for (std::size_t w = 0; w < picture_.wires.size(); ++w) {
      const auto& wire = picture_.wires[w];
      ++wires_in[wire.to];
      if (wire.closes) continue;
      const std::size_t last = items_[wire.to].layer;
      std::size_t before = wire.from;
      if (last - items_[before].layer <= kLongestDetour) {
        for (std::size_t layer = items_[before].layer + 1; layer < last; ++layer) {
          passes_[w].push_back(items_.size());
          items_.push_back({.layer = layer});
          join(before, items_.size() - 1);
          before = items_.size() - 1;
        }
      }
      join(before, wire.to);
    }
    for (std::size_t i = 0; i < wires_in.size(); ++i)
      items_[i].height = std::max(kBoxHeight, kPerWire * (wires_in[i] + 1));
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (items_[i].layer >= layers_.size()) layers_.resize(items_[i].layer + 1);
      layers_[items_[i].layer].push_back(i);
    }
    for (auto& layer : layers_) spread(layer, std::vector<double>(layer.size(), 0));
  }

  void join(std::size_t from, std::size_t to) {
    items_[from].right.push_back(to);
    items_[to].left.push_back(from);
  }

  /// Where an item would like to be: at the mean of its neighbours; without any, where it is.
  double wish(std::size_t item, bool from_left) const {
    const auto& neighbours = from_left ? items_[item].left : items_[item].right;
    if (neighbours.empty()) return items_[item].centre;
    const double sum =
        std::accumulate(neighbours.begin(), neighbours.end(), 0.0,
                        [&](double so_far, std::size_t n) { return so_far + items_[n].centre; });
    return sum / static_cast<double>(neighbours.size());
  }

  template <typename Visit>
  void sweep(bool from_left, Visit visit) {
    for (std::size_t i = 0; i < layers_.size(); ++i) visit(layers_[from_left ? i : layers_.size() - 1 - i]);
  }

  /// The barycentre heuristic against crossings.
  void sort_layers(bool from_left) {
    sweep(from_left, [&](std::vector<std::size_t>& layer) {
      std::vector<std::pair<double, std::size_t>> wishes;
      wishes.reserve(layer.size());
      for (const std::size_t item : layer) wishes.emplace_back(wish(item, from_left), item);
      std::ranges::stable_sort(wishes, {}, [](const auto& one) { return one.first; });
      std::ranges::transform(wishes, layer.begin(), [](const auto& one) { return one.second; });
      spread(layer, std::vector<double>(layer.size(), 0));
    });
  }

  void settle(bool from_left) {
    sweep(from_left, [&](std::vector<std::size_t>& layer) {
      std::vector<double> wishes;
      wishes.reserve(layer.size());
      for (const std::size_t item : layer) wishes.push_back(wish(item, from_left));
      spread(layer, wishes);
    });
  }

  /// Puts a layer's items, in their order and with their gaps, as near to the wishes as squares can tell.
  /// With the gaps taken out that is isotonic regression: neighbours that are out of order share their mean.
  void spread(const std::vector<std::size_t>& layer, const std::vector<double>& wishes) {
    struct Pool {
      double sum = 0;
      std::size_t count = 0;
      double mean() const { return sum / static_cast<double>(count); }
    };
    std::vector<double> offsets;
    std::vector<Pool> pools;
    for (std::size_t i = 0; i < layer.size(); ++i) {
      offsets.push_back(i == 0 ? 0 : offsets[i - 1] + distance(layer[i - 1], layer[i]));
      pools.push_back({wishes[i] - offsets[i], 1});
      while (pools.size() > 1 && pools[pools.size() - 2].mean() > pools.back().mean()) {
        const Pool last = pools.back();
        pools.pop_back();
        pools.back().sum += last.sum;
        pools.back().count += last.count;
      }
    }
    std::size_t i = 0;
    for (const Pool& pool : pools)
      for (std::size_t k = 0; k < pool.count; ++k, ++i) items_[layer[i]].centre = pool.mean() + offsets[i];
  }

  /// From centre to centre.
  double distance(std::size_t a, std::size_t b) const {
    const bool wires = items_[a].height == 0 || items_[b].height == 0;
    return (items_[a].height + items_[b].height) / 2 + (wires ? kBetweenWires : kBetweenBoxes);
  }

  Drawing draw(const std::vector<double>& widths) const {
    Drawing drawing;
    std::vector<Box> columns(layers_.size());
    double x = kMargin, top = 0, bottom = 0;
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      for (const std::size_t item : layers_[i]) {
        if (item < widths.size()) columns[i].width = std::max(columns[i].width, widths[item]);
        top = std::min(top, items_[item].centre - items_[item].height / 2);
        bottom = std::max(bottom, items_[item].centre + items_[item].height / 2);
      }
      columns[i].x = x;
      x += columns[i].width + kBetweenLayers;
    }
    const double down = kMargin + kTitle - top;
    for (std::size_t i = 0; i < picture_.nodes.size(); ++i) {
      const Item& item = items_[i];
      const Box& column = columns[item.layer];
      drawing.boxes.push_back({column.x, item.centre - item.height / 2 + down, column.width, item.height});
    }
    drawing.width = (layers_.empty() ? kMargin : x - kBetweenLayers) + kMargin;
    drawing.height = bottom + down + kMargin;
    route(drawing, columns, down);
    return drawing;
  }

  void route(Drawing& drawing, const std::vector<Box>& columns, double down) const {
    const auto& wires = picture_.wires;
    drawing.routes.resize(wires.size());
    std::vector<std::vector<std::size_t>> into(picture_.nodes.size());
    unsigned back = 0;
    for (std::size_t w = 0; w < wires.size(); ++w) {
      const Box& from = drawing.boxes[wires[w].from];
      auto& spots = drawing.routes[w];
      spots.push_back({from.x + from.width, from.y + from.height / 2});
      if (wires[w].closes) {  // back below everything, through the gaps between layers
        const Box& to = drawing.boxes[wires[w].to];
        const double low = drawing.height;
        drawing.height += kBetweenWires;
        const double aside = kMargin * (1 + static_cast<double>(back++ % 5)) / 6;
        spots.push_back({from.x + from.width + aside, low});
        spots.push_back({to.x - aside, low});
      }
      for (const std::size_t pass : passes_[w]) {
        const Box& column = columns[items_[pass].layer];
        spots.push_back({column.x, items_[pass].centre + down});
        spots.push_back({column.x + column.width, items_[pass].centre + down});
      }
      into[wires[w].to].push_back(w);
    }
    for (std::size_t i = 0; i < into.size(); ++i) {  // wires end in the order in which they come
      std::ranges::stable_sort(into[i], {}, [&](std::size_t w) { return drawing.routes[w].back().y; });
      const Box& box = drawing.boxes[i];
      for (std::size_t k = 0; k < into[i].size(); ++k) {
        const double part = static_cast<double>(k + 1) / static_cast<double>(into[i].size() + 1);
        drawing.routes[into[i][k]].push_back({box.x, box.y + box.height * part});
      }
    }
  }

  const Picture& picture_;
  std::vector<Item> items_;                       ///< first the nodes, then where wires pass
  std::vector<std::vector<std::size_t>> passes_;  ///< by wire
  std::vector<std::vector<std::size_t>> layers_;  ///< from top to bottom
};

}  // namespace

Drawing arrange(const Picture& picture, const std::vector<double>& widths) {
  return Arranger(picture).run(widths);
}

}  // namespace perigee
