#include "fluxion/data/toy.h"

#include <cmath>
#include <functional>
#include <numbers>
#include <vector>

#include "fluxion/core/random.h"
#include "fluxion/core/sort.h"

namespace fluxion::data {
namespace {

void check_count(const char* name, const char* argument, std::int64_t value, std::int64_t least) {
  if (value < least) throw ShapeError(str(name, ": ", argument, " must be at least ", least, ", it is ", value));
}

// Runs f with the generator of a seed, or with the default one.
template <class F>
auto with_generator(Seed seed, F&& f) {
  if (!seed) return f(default_generator());
  Generator own(*seed);
  return f(own);
}

struct Point {
  double x, y;
};

// n points in random order; place(i) gives point i's position and class.
Examples points(const char* name, std::int64_t n, double noise, Seed seed,
                const std::function<std::pair<Point, std::int64_t>(std::int64_t)>& place) {
  check_count(name, "n", n, 1);
  if (!(noise >= 0)) throw FluxionError(str(name, ": noise must not be negative, it is ", noise));
  return with_generator(seed, [&](Generator& g) {
    const auto count = static_cast<std::size_t>(n);
    std::vector<std::int32_t> order(count), y(count);
    std::vector<float> spread(2 * count), x(2 * count);
    g.fill_randperm(order.data(), n);
    g.fill_normal(spread.data(), 2 * n, 0, noise);
    for (std::size_t i = 0; i < count; ++i) {
      const auto [point, label] = place(static_cast<std::int64_t>(i));
      const auto to = static_cast<std::size_t>(order[i]);
      x[2 * to] = static_cast<float>(point.x) + spread[2 * to];
      x[2 * to + 1] = static_cast<float>(point.y) + spread[2 * to + 1];
      y[to] = static_cast<std::int32_t>(label);
    }
    return Examples(Tensor::from(x, {n, 2}), Tensor::from(y, {n}));
  });
}

}  // namespace

Examples xor_problem() { return parity(2); }

Examples parity(std::int64_t bits) {
  check_count("parity", "bits", bits, 1);
  if (bits > 20) throw ShapeError(str("parity: ", bits, " bits make too many rows; 20 is the limit"));
  const std::int64_t n = std::int64_t{1} << bits;
  std::vector<float> x, y;
  for (std::int64_t i = 0; i < n; ++i) {
    std::int64_t ones = 0;
    for (std::int64_t b = bits; b-- > 0;) {
      const std::int64_t bit = i >> b & 1;
      x.push_back(static_cast<float>(bit));
      ones += bit;
    }
    y.push_back(static_cast<float>(ones % 2));
  }
  return {Tensor::from(x, {n, bits}), Tensor::from(y, {n, 1})};
}

Examples circles(std::int64_t n, double noise, double factor, Seed seed) {
  return points("circles", n, noise, seed, [=](std::int64_t i) {
    const std::int64_t label = i % 2;
    const double angle = 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(n);
    const double radius = label == 0 ? 1 : factor;
    return std::pair(Point{radius * std::cos(angle), radius * std::sin(angle)}, label);
  });
}

Examples moons(std::int64_t n, double noise, Seed seed) {
  return points("moons", n, noise, seed, [=](std::int64_t i) {
    const std::int64_t label = i % 2;
    const double angle = std::numbers::pi * static_cast<double>(i) / static_cast<double>(n);
    const Point outer{std::cos(angle), std::sin(angle)};
    return std::pair(label == 0 ? outer : Point{1 - outer.x, 0.5 - outer.y}, label);
  });
}

Examples spirals(std::int64_t n, std::int64_t classes, double turns, double noise, Seed seed) {
  check_count("spirals", "classes", classes, 1);
  return points("spirals", n, noise, seed, [=](std::int64_t i) {
    const std::int64_t label = i % classes;
    const double t = static_cast<double>(i + 1) / static_cast<double>(n);
    const double angle = 2 * std::numbers::pi * (turns * t + static_cast<double>(label) / static_cast<double>(classes));
    return std::pair(Point{t * std::cos(angle), t * std::sin(angle)}, label);
  });
}

Examples blobs(std::int64_t n, std::int64_t classes, double noise, double spread, Seed seed) {
  check_count("blobs", "classes", classes, 1);
  std::vector<Point> centres;
  with_generator(seed, [&](Generator& g) {
    for (std::int64_t c = 0; c < classes; ++c) {
      const double x = g.uniform_double(-spread, spread);
      centres.push_back({x, g.uniform_double(-spread, spread)});
    }
    return 0;
  });
  return points("blobs", n, noise, seed, [&](std::int64_t i) {
    return std::pair(centres[static_cast<std::size_t>(i % classes)], i % classes);
  });
}

Examples arithmetic(std::int64_t n, std::int64_t digits, Seed seed) {
  check_count("arithmetic", "n", n, 1);
  check_count("arithmetic", "digits", digits, 1);
  if (digits > 9) throw ShapeError(str("arithmetic: ", digits, " digits; 9 is the limit"));
  constexpr std::int32_t kIgnored = -100, kPlus = 10, kEquals = 11;
  std::int64_t top = 1;
  for (std::int64_t i = 0; i < digits; ++i) top *= 10;
  return with_generator(seed, [&](Generator& g) {
    std::vector<std::int32_t> x, y, row;
    const auto put = [&](std::int64_t value, std::int64_t count) {
      for (std::int64_t place = 1, i = 0; i < count; ++i, place *= 10)
        row.insert(row.end() - i, static_cast<std::int32_t>(value / place % 10));
    };
    for (std::int64_t i = 0; i < n; ++i) {
      std::int32_t terms[2];
      g.fill_randint(terms, 2, 0, top);
      row.clear();
      put(terms[0], digits);
      row.push_back(kPlus);
      put(terms[1], digits);
      row.push_back(kEquals);
      const std::size_t known = row.size();
      put(std::int64_t{terms[0]} + terms[1], digits + 1);
      x.insert(x.end(), row.begin(), row.end() - 1);
      y.insert(y.end(), known - 1, kIgnored);
      y.insert(y.end(), row.begin() + static_cast<std::ptrdiff_t>(known), row.end());
    }
    const std::int64_t length = 3 * digits + 2;
    return Examples(Tensor::from(x, {n, length}), Tensor::from(y, {n, length}));
  });
}

Examples sorting(std::int64_t n, std::int64_t length, std::int64_t letters, Seed seed) {
  check_count("sorting", "n", n, 1);
  check_count("sorting", "length", length, 1);
  check_count("sorting", "letters", letters, 1);
  return with_generator(seed, [&](Generator& g) {
    constexpr std::int32_t kIgnored = -100;
    std::vector<std::int32_t> x, y, row(static_cast<std::size_t>(length));
    for (std::int64_t i = 0; i < n; ++i) {
      g.fill_randint(row.data(), length, 0, letters);
      x.insert(x.end(), row.begin(), row.end());
      x.push_back(static_cast<std::int32_t>(letters));
      y.insert(y.end(), row.size(), kIgnored);
      heap_sort(row);
      x.insert(x.end(), row.begin(), row.end() - 1);
      y.insert(y.end(), row.begin(), row.end());
    }
    return Examples(Tensor::from(x, {n, 2 * length}), Tensor::from(y, {n, 2 * length}));
  });
}

Examples text_windows(const Tensor& ids, std::int64_t length, std::int64_t stride) {
  check_count("textWindows", "length", length, 1);
  check_count("textWindows", "stride", stride, 1);
  if (ids.rank() != 1) throw ShapeError(str("textWindows: ids must have one dimension, they are ", ids.shape()));
  if (ids.size(0) <= length)
    throw ShapeError(str("textWindows: ", ids.size(0), " ids have no room for a window of ", length, " and its next"));
  const std::int64_t count = (ids.size(0) - 1 - length) / stride + 1, step = ids.strides()[0];
  Layout window{{count, length}, {stride * step, step}, ids.layout().offset};
  Layout ahead = window;
  ahead.offset += step;
  return {ids.view_of(std::move(window)), ids.view_of(std::move(ahead))};
}

}  // namespace fluxion::data
