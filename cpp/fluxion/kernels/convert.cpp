#include "fluxion/kernels/convert.h"

namespace fluxion::kernels {

namespace {

template <class To, class From>
void convert_typed(char* dst, Index dst_stride, const char* src, Index src_stride, Index n) {
  if (dst_stride == static_cast<Index>(sizeof(To)) && src_stride == static_cast<Index>(sizeof(From))) {
    To* out = reinterpret_cast<To*>(dst);
    const From* in = reinterpret_cast<const From*>(src);
    FLUXION_IVDEP
    for (Index i = 0; i < n; ++i) out[i] = convert<To>(in[i]);
    return;
  }
  for (Index i = 0; i < n; ++i) {
    *reinterpret_cast<To*>(dst) = convert<To>(*reinterpret_cast<const From*>(src));
    dst += dst_stride;
    src += src_stride;
  }
}

template <class T>
void copy_typed(char* dst, Index dst_stride, const char* src, Index src_stride, Index n) {
  constexpr Index size = sizeof(T);
  if (dst_stride == size && src_stride == 0) {
    const T value = load_bits<T>(src);
    for (Index i = 0; i < n; ++i) store_bits<T>(dst + i * size, value);
  } else if (dst_stride == size) {
    for (Index i = 0; i < n; ++i, src += src_stride) store_bits<T>(dst + i * size, load_bits<T>(src));
  } else {
    for (Index i = 0; i < n; ++i, dst += dst_stride, src += src_stride) store_bits<T>(dst, load_bits<T>(src));
  }
}

// By size alone: the bits stay as they are.
void copy_row(char* dst, Index dst_stride, const char* src, Index src_stride, Index n, Index size) {
  if (dst_stride == size && src_stride == size)
    copy_bytes(dst, src, n * size);
  else if (size == 1)
    copy_typed<std::uint8_t>(dst, dst_stride, src, src_stride, n);
  else if (size == 4)
    copy_typed<std::uint32_t>(dst, dst_stride, src, src_stride, n);
  else
    copy_typed<std::uint64_t>(dst, dst_stride, src, src_stride, n);
}

}  // namespace

void convert_row(void* dst, DType dst_type, Index dst_stride, const void* src, DType src_type, Index src_stride,
                 Index n) {
  if (n <= 0) return;
  char* to = static_cast<char*>(dst);
  const char* from = static_cast<const char*>(src);
  if (dst_type == src_type) {
    copy_row(to, dst_stride, from, src_stride, n, static_cast<Index>(size_of(dst_type)));
    return;
  }
  dispatch(dst_type, [&]<class To> {
    dispatch(src_type, [&]<class From> {
      if constexpr (!std::is_same_v<To, From>) convert_typed<To, From>(to, dst_stride, from, src_stride, n);
    });
  });
}

}  // namespace fluxion::kernels
