#pragma once
// Recycles the memory of small objects of one class that are made and dropped at every op.

#include <cstddef>
#include <new>

namespace fluxion {

template <class T>
class FreeList {
 public:
  static void* take(std::size_t n) {
    if (n == sizeof(T) && head_ != nullptr) {
      Link* link = head_;
      head_ = link->next;
      return link;
    }
    return ::operator new(n);
  }
  static void give(void* p, std::size_t n) {
    if (n != sizeof(T)) {
      ::operator delete(p);
      return;
    }
    head_ = new (p) Link{head_};
  }

 private:
  struct Link {
    Link* next;
  };
  static inline Link* head_ = nullptr;
};

}  // namespace fluxion
