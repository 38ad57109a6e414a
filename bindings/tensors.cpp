// Tensors as JavaScript sees them: making, releasing, describing, values in and out by copy, memory.

#include "bindings/wire.h"
#include "fluxion/autograd/autograd.h"
#include "fluxion/core/random.h"
#include "fluxion/core/recorder.h"
#include "fluxion/core/thread_pool.h"
#include "fluxion/ops/launch.h"
#include "fluxion/ops/ops.h"

namespace fluxion::bindings {
namespace {

unsigned address_of(const Tensor& t) { return reinterpret_cast<unsigned>(t.raw()); }

// [handle, address of its values], to be filled by the caller.
unsigned new_tensor(unsigned shape, int dtype) {
  refuse_recording("a tensor was made from JavaScript's values; make it outside, or pass it as an argument");
  const Tensor t = Tensor::empty(shape_of(shape), dtype_of_index(dtype));
  const unsigned address = address_of(t);
  return give_list({static_cast<double>(hand_out(t)), static_cast<double>(address)});
}

unsigned give_sizes(const Shape& sizes) { return give_list(sizes.begin(), sizes.end()); }
unsigned shape_of_tensor(int handle) { return give_sizes(tensor_at(handle).shape()); }
// Its shape as a list, for the text of errors about the use of a tensor that is gone.
unsigned release_tensor(int handle) {
  const unsigned shape = shape_of_tensor(handle);
  table<Tensor>().release(handle);
  return shape;
}
// Equal for two handles of one tensor.
unsigned id_of_tensor(int handle) { return reinterpret_cast<unsigned>(tensor_at(handle).impl()); }
int alias_tensor(int handle) { return hand_out(tensor_at(handle)); }
int detach_tensor(int handle) { return hand_out(tensor_at(handle).detach()); }

int dtype_of_tensor(int handle) { return static_cast<int>(tensor_at(handle).dtype()); }

unsigned strides_of_tensor(int handle) { return give_sizes(tensor_at(handle).strides()); }

double item_of_tensor(int handle) { return tensor_at(handle).item(); }

// [address, number of values, dtype] of row-major values: the tensor's own, or those of a copy that lives until the
// next call.
unsigned values_of_tensor(int handle) {
  refuse_recording("a tensor's values were read");
  static auto* copy = new Tensor;
  const Tensor& t = tensor_at(handle);
  *copy = t.is_contiguous() ? Tensor() : contiguous_raw(t);
  const Tensor& from = t.is_contiguous() ? t : *copy;
  return give_list({static_cast<double>(address_of(from)), static_cast<double>(from.numel()),
                    static_cast<double>(from.dtype())});
}
std::string backward_name(const char* op) {
  std::string out;
  bool upper = true;
  for (const char* c = op; *c != '\0'; ++c) {
    if (*c == '_') {
      upper = true;
      continue;
    }
    out += upper && *c >= 'a' && *c <= 'z' ? static_cast<char>(*c - 'a' + 'A') : *c;
    upper = false;
  }
  return out + "Backward0";
}

unsigned text_of_tensor(int handle) {
  const Tensor& t = tensor_at(handle);
  const AutogradMeta* meta = meta_of(t);
  std::string suffix;
  if (meta != nullptr && meta->grad_fn) suffix = "grad_fn=<" + backward_name(meta->grad_fn->op) + ">";
  else if (meta != nullptr && meta->requires_grad) suffix = "requires_grad=True";
  return give_text(to_string(t, suffix));
}

unsigned memory_numbers() {
  const MemoryStats& s = memory_stats();
  std::vector<double> out;
  for (const std::int64_t v : {s.tensors, s.bytes, s.peak_bytes, s.reserved_bytes, s.pool_hits, s.fresh_allocations})
    out.push_back(static_cast<double>(v));
  out.push_back(static_cast<double>(live_nodes()));
  out.push_back(table<Tensor>().live());
  return give_list(out);
}

void set_threads(int n) { set_thread_count(n); }
int threads() { return thread_count(); }
void seed(double s) { manual_seed(static_cast<std::uint64_t>(s)); }
double current_seed() { return static_cast<double>(default_generator().seed()); }

}  // namespace

EMSCRIPTEN_BINDINGS(fluxion_tensors) {
  bind<&new_tensor>("newTensor");
  bind<&release_tensor>("releaseTensor");
  bind<&id_of_tensor>("tensorId");
  bind<&alias_tensor>("aliasTensor");
  bind<&detach_tensor>("detachTensor");
  bind<&dtype_of_tensor>("tensorDtype");
  bind<&shape_of_tensor>("tensorShape");
  bind<&strides_of_tensor>("tensorStrides");
  bind<&item_of_tensor>("tensorItem");
  bind<&values_of_tensor>("tensorValues");
  bind<&text_of_tensor>("tensorText");
  bind_op<&to_dtype>("toDtype");
  bind<&memory_numbers>("memoryNumbers");
  bind<&reset_peak_memory>("resetPeakMemory");
  bind<&release_cache>("releaseCache");
  bind<&set_threads>("setThreads");
  bind<&threads>("threads");
  bind<&seed>("manualSeed");
  bind<&current_seed>("currentSeed");
}

}  // namespace fluxion::bindings
