#pragma once
// A vector whose first N elements need no heap: shapes, strides and edge lists are short and made often.

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <utility>
#include <vector>

namespace fluxion {

template <class T, int N>
class SmallVec {
 public:
  SmallVec() = default;
  SmallVec(std::initializer_list<T> values) : SmallVec(values.begin(), values.end()) {}
  SmallVec(const std::vector<T>& values) : SmallVec(values.begin(), values.end()) {}  // NOLINT: implicit
  explicit SmallVec(std::size_t count, const T& value = T{}) { resize(count, value); }
  template <class It>
    requires(!std::is_integral_v<It>)
  SmallVec(It first, It last) {
    for (; first != last; ++first) push_back(*first);
  }
  // Inline elements are copied as a whole, which takes fewer instructions than to count them.
  SmallVec(const SmallVec& other) : size_(other.size_), inline_(other.inline_) {
    if (other.heap_ == nullptr) return;
    heap_ = new T[other.size_];
    capacity_ = other.size_;
    std::copy(other.begin(), other.end(), heap_);
  }
  SmallVec(SmallVec&& other) noexcept { steal(other); }
  SmallVec& operator=(const SmallVec& other) { return *this = SmallVec(other); }
  SmallVec& operator=(SmallVec&& other) noexcept {
    if (this != &other) {
      delete[] heap_;
      heap_ = nullptr;
      steal(other);
    }
    return *this;
  }
  ~SmallVec() { delete[] heap_; }

  T* begin() { return heap_ != nullptr ? heap_ : inline_.data(); }
  T* end() { return begin() + size_; }
  const T* begin() const { return heap_ != nullptr ? heap_ : inline_.data(); }
  const T* end() const { return begin() + size_; }
  const T* data() const { return begin(); }
  T* data() { return begin(); }
  std::size_t size() const { return size_; }
  int ssize() const { return static_cast<int>(size_); }
  bool empty() const { return size_ == 0; }
  T& operator[](std::size_t i) { return begin()[i]; }
  const T& operator[](std::size_t i) const { return begin()[i]; }
  T& operator[](int i) { return begin()[i]; }
  const T& operator[](int i) const { return begin()[i]; }
  T& back() { return begin()[size_ - 1]; }
  const T& back() const { return begin()[size_ - 1]; }

  void push_back(T value) {
    if (size_ == capacity_) grow(capacity_ * 2);
    begin()[size_++] = std::move(value);
  }
  void pop_back() { begin()[--size_] = T{}; }
  void clear() { resize(0); }
  void resize(std::size_t count, const T& value = T{}) {
    if (count > capacity_) grow(count);
    T* at = begin();
    while (size_ > count) at[--size_] = T{};
    while (size_ < count) at[size_++] = value;
  }
  void insert(int at, T value) {
    push_back(std::move(value));
    std::rotate(begin() + at, end() - 1, end());
  }
  void erase(int at) {
    std::move(begin() + at + 1, end(), begin() + at);
    pop_back();
  }

  friend bool operator==(const SmallVec& a, const SmallVec& b) {
    return a.size_ == b.size_ && std::equal(a.begin(), a.end(), b.begin());
  }

 private:
  void grow(std::size_t capacity) {
    T* bigger = new T[capacity];
    std::move(begin(), end(), bigger);
    delete[] heap_;
    heap_ = bigger;
    capacity_ = capacity;
  }
  void steal(SmallVec& other) noexcept {
    size_ = other.size_;
    capacity_ = other.capacity_;
    heap_ = std::exchange(other.heap_, nullptr);
    inline_ = std::move(other.inline_);
    other.size_ = 0;
    other.capacity_ = N;
  }

  T* heap_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = N;
  std::array<T, N> inline_{};
};

}  // namespace fluxion
