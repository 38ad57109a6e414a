#include "fluxion/core/random.h"

#include <algorithm>

#include "fluxion/kernels/convert.h"
#include "fluxion/kernels/entries.h"

namespace fluxion::kernels::cpu {

namespace {

// Kinds that draw element by element fill any type in pieces; normals depend on the whole size.
constexpr Index kPiece = 256;

template <class T, class F>
void fill_in_pieces(const View& out, Index n, F&& f) {
  const Index size = static_cast<Index>(size_of(out.dtype));
  T piece[kPiece];
  for (Index at = 0; at < n; at += kPiece) {
    const Index count = std::min(kPiece, n - at);
    f(piece, count);
    convert_row(out.as<char>() + at * size, out.dtype, size, piece, dtype_of<T>::value, sizeof(T), count);
  }
}

}  // namespace

void random(const View* views, const void* params) {
  const View& out = views[0];
  Generator& generator = *views[1].as<Generator>();
  const auto& p = *static_cast<const RandomParams*>(params);
  Index n = 1;
  for (int d = 0; d < out.rank; ++d) n *= static_cast<Index>(out.shape[d]);
  switch (p.kind) {
    case RandomKind::Uniform:
      dispatch_floating(out.dtype, [&]<class T> { generator.fill_uniform(out.as<T>(), n, p.a, p.b); });
      break;
    case RandomKind::Normal:
      dispatch_floating(out.dtype, [&]<class T> { generator.fill_normal(out.as<T>(), n, p.a, p.b); });
      break;
    case RandomKind::Bernoulli:
      fill_in_pieces<float>(out, n, [&](float* to, Index count) { generator.fill_bernoulli(to, count, p.a); });
      break;
    case RandomKind::RandInt:
      fill_in_pieces<std::int32_t>(out, n, [&](std::int32_t* to, Index count) {
        generator.fill_randint(to, count, static_cast<std::int64_t>(p.a), static_cast<std::int64_t>(p.b));
      });
      break;
    case RandomKind::RandPerm:
      generator.fill_randperm(out.as<std::int32_t>(), n);
      break;
  }
}

}  // namespace fluxion::kernels::cpu
