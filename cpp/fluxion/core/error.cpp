#include "fluxion/core/error.h"

#include <cstdio>

namespace fluxion {

std::string text(std::string_view s) { return std::string(s); }
std::string text(const char* s) { return s; }
std::string text(bool b) { return b ? "true" : "false"; }
std::string text(int v) { return std::to_string(v); }
std::string text(long v) { return std::to_string(v); }
std::string text(long long v) { return std::to_string(v); }
std::string text(unsigned v) { return std::to_string(v); }
std::string text(unsigned long v) { return std::to_string(v); }
std::string text(unsigned long long v) { return std::to_string(v); }
std::string text(DType d) { return std::string(name_of(d)); }

std::string text(double v) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%g", v);
  return buffer;
}

std::string text(const SmallVec<std::int64_t, 6>& shape) {
  std::string out = "[";
  for (int i = 0; i < shape.ssize(); ++i) {
    if (i > 0) out += ", ";
    out += std::to_string(shape[i]);
  }
  return out + "]";
}

}  // namespace fluxion
