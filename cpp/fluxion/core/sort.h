#pragma once
// Heap sort: in place, n·log n at worst, and a tenth of the code of std::sort, which is 2.5 KB of WebAssembly for each
// type it is used with. Where speed matters or few instances do, std::sort stays.

#include <cstddef>
#include <functional>
#include <utility>

namespace fluxion {

// `first` is anything that can be indexed. Not stable.
template <class First, class Less = std::less<>>
void heap_sort(First first, std::ptrdiff_t n, Less less = {}) {
  const auto sift = [&](std::ptrdiff_t root, std::ptrdiff_t end) {
    for (std::ptrdiff_t child; (child = 2 * root + 1) < end; root = child) {
      if (child + 1 < end && less(first[child], first[child + 1])) ++child;
      if (!less(first[root], first[child])) return;
      std::swap(first[root], first[child]);
    }
  };
  for (std::ptrdiff_t i = n / 2; i-- > 0;) sift(i, n);
  for (std::ptrdiff_t end = n; end-- > 1;) {
    std::swap(first[0], first[end]);
    sift(0, end);
  }
}

// A vector, a string.
template <class Items, class Less = std::less<>>
void heap_sort(Items& items, Less less = {}) {
  heap_sort(items.begin(), static_cast<std::ptrdiff_t>(items.size()), less);
}

}  // namespace fluxion
