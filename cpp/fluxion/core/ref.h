#pragma once
// Intrusive reference counting. Counts are plain integers: handles live on one thread (the pool's workers
// only ever see raw views).

#include <cstddef>
#include <utility>

namespace fluxion {

template <class T>
class Ref {
 public:
  Ref() = default;
  Ref(std::nullptr_t) {}  // NOLINT: implicit
  explicit Ref(T* p) : p_(p) {
    if (p_ != nullptr) p_->ref();
  }
  Ref(const Ref& other) : Ref(other.p_) {}
  Ref(Ref&& other) noexcept : p_(std::exchange(other.p_, nullptr)) {}
  template <class U>
    requires std::is_convertible_v<U*, T*>
  Ref(const Ref<U>& other) : Ref(static_cast<T*>(other.get())) {}  // NOLINT: implicit
  Ref& operator=(Ref other) noexcept {
    std::swap(p_, other.p_);
    return *this;
  }
  ~Ref() {
    if (p_ != nullptr) p_->unref();
  }

  T* get() const { return p_; }
  T* operator->() const { return p_; }
  T& operator*() const { return *p_; }
  explicit operator bool() const { return p_ != nullptr; }
  friend bool operator==(const Ref& a, const Ref& b) { return a.p_ == b.p_; }

 private:
  T* p_ = nullptr;
};

template <class T, class... Args>
Ref<T> make_ref(Args&&... args) {
  return Ref<T>(new T(std::forward<Args>(args)...));
}

// Keeps an object that others hold already; null for one that nobody counts, such as one on a native program's stack.
template <class T>
Ref<T> held(T* object) {
  return object->use_count() > 0 ? Ref<T>(object) : Ref<T>();
}

// Base of counted classes; T is the class to delete (its destructor may be virtual).
template <class T>
class RefCounted {
 public:
  RefCounted() = default;
  RefCounted(const RefCounted&) = delete;
  RefCounted& operator=(const RefCounted&) = delete;
  void ref() { ++count_; }
  void unref() {
    if (--count_ == 0) delete static_cast<T*>(this);
  }
  int use_count() const { return count_; }

 protected:
  ~RefCounted() = default;

 private:
  int count_ = 0;
};

}  // namespace fluxion
