#include "fluxion/transforms/compile.h"

#include <algorithm>
#include <cstring>

#include "fluxion/autograd/anomaly.h"
#include "fluxion/autograd/autograd.h"
#include "fluxion/core/random.h"
#include "fluxion/ops/creation.h"
#include "fluxion/ops/launch.h"
#include "fluxion/ops/view.h"

namespace fluxion {
namespace {

using kernels::Prim;
using kernels::View;

// Beyond so many, a step that depends on something that never comes back would be recorded for ever.
constexpr std::size_t kMostVariants = 16;

using Guards = std::vector<std::function<bool()>>;

bool all_hold(const Guards& guards) {
  for (const auto& holds : guards)
    if (!holds()) return false;
  return true;
}

class Recording final : public Recorder, public kernels::Observer {
 public:
  Recording() : observer_(kernels::set_observer(this)) {
    for (Storage* s = Storage::newest(); s != nullptr; s = s->older()) enter(*s, true);
    detail::current_recorder = this;
  }
  ~Recording() override {
    close();
    give_back();
  }
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

  // ---- what a recorder hears ----

  void allocated(Storage& s) override { enter(s, detail::recorder_paused); }

  // Memory that ends while recording is given back only afterwards, so that an address stands for one buffer.
  bool freed(Storage& s) override {
    const std::size_t at = place_of(s.data());
    Buffer* b = found(at, s.data());
    if (b == nullptr || b->storage != &s) return false;
    b->storage = nullptr;
    if (b->outside)
      by_address_.erase(by_address_.begin() + static_cast<std::ptrdiff_t>(at));
    else
      ended_.push_back(static_cast<int>(b - tape_.memory.data()));
    return !b->outside;
  }

  bool is_outside(const Storage& s) const override {
    const Buffer* b = find(s);
    return b == nullptr || b->outside;
  }
  bool is_written(const Storage& s) const {
    const Buffer* b = find(s);
    return b != nullptr && b->written;
  }
  void filled(const Storage& s) override {
    if (Buffer* b = find(s)) b->constant = true;
  }
  void refuse(const std::string& why) override {
    if (refusal.empty()) refusal = why;
  }
  void repeat(std::function<void()> action, const void* variable) override {
    for (std::size_t i = variable == nullptr ? 0 : tape_.steps.size(); i-- > 0;) {
      if (tape_.steps[i].action < 0) continue;
      const void* set = variables_[static_cast<std::size_t>(tape_.steps[i].action)];
      if (set == variable) tape_.steps.erase(tape_.steps.begin() + static_cast<std::ptrdiff_t>(i));
      if (set == variable || set == nullptr) break;
    }
    Step step;
    step.action = static_cast<int>(tape_.actions.size());
    tape_.actions.push_back(std::move(action));
    variables_.push_back(variable);
    tape_.steps.push_back(step);
  }
  void guard(std::function<bool()> holds, bool always) override {
    (always ? always_guards : guards).push_back(std::move(holds));
  }
  bool is_first(const void* key) override {
    if (std::find(keys_.begin(), keys_.end(), key) != keys_.end()) return false;
    keys_.push_back(key);
    return true;
  }

  // ---- what an observer sees ----

  void on_call(Prim prim, const View* views, int count, const void* params, std::size_t size) override {
    if (!detail::recorder_paused) add({.prim = prim}, views, count, params, size);
    if (observer_ != nullptr) observer_->on_call(prim, views, count, params, size);
  }
  void after_call() override {
    if (observer_ != nullptr) observer_->after_call();
  }
  void on_check(kernels::Entry check, const View* views, int count, const void* params, std::size_t size) override {
    if (!detail::recorder_paused) add({.check = check}, views, count, params, size);
  }

  // To be called when all that the step made is gone but for its results and what it left elsewhere.
  std::unique_ptr<Program> program() {
    close();
    for (Buffer& b : tape_.memory) {
      if (!b.used) continue;
      if (b.storage != nullptr) b.kept = Ref<Storage>(b.storage);
      if (b.kept || !b.constant) continue;
      b.kept = make_ref<Storage>(b.bytes);
      std::memcpy(b.kept->data(), b.begin, b.bytes);
    }
    give_back();
    return std::make_unique<Program>(std::move(tape_));
  }

  std::string refusal;
  Guards guards, always_guards;

 private:
  void close() {
    if (detail::current_recorder != this) return;
    kernels::set_observer(observer_);
    detail::current_recorder = nullptr;
  }

  void give_back() {
    for (const int b : ended_) {
      const Buffer& buffer = tape_.memory[static_cast<std::size_t>(b)];
      free_bytes(buffer.begin, buffer.bytes);
    }
    if (!ended_.empty()) release_cache();
    ended_.clear();
  }

  void enter(Storage& s, bool outside) {
    auto* begin = static_cast<std::byte*>(s.data());
    const int b = static_cast<int>(tape_.memory.size());
    tape_.memory.push_back({.begin = begin, .bytes = s.bytes(), .storage = &s, .outside = outside});
    by_address_.insert(by_address_.begin() + static_cast<std::ptrdiff_t>(place_of(begin) + 1), b);
  }

  // The place in by_address_ of the last buffer that begins at an address or before; −1 for none.
  std::size_t place_of(const void* address) const {
    std::size_t low = 0, high = by_address_.size();
    while (low < high) {
      const std::size_t middle = (low + high) / 2;
      if (tape_.memory[static_cast<std::size_t>(by_address_[middle])].begin <= address)
        low = middle + 1;
      else
        high = middle;
    }
    return low - 1;
  }
  // The buffer at a place, if the address lies in it.
  Buffer* found(std::size_t place, const void* address) const {
    if (place + 1 == 0) return nullptr;
    const Buffer& b = tape_.memory[static_cast<std::size_t>(by_address_[place])];
    return address < b.begin + std::max<std::size_t>(b.bytes, 1) ? const_cast<Buffer*>(&b) : nullptr;
  }
  Buffer* find(const Storage& s) const { return found(place_of(s.data()), s.data()); }

  void add(Step step, const View* views, int count, const void* params, std::size_t size) {
    Tape& t = tape_;
    step.view = static_cast<int>(t.views.size());
    step.views = count;
    step.params = static_cast<int>(t.params.size());
    step.params_size = static_cast<int>(size);
    t.params.resize(t.params.size() + (size + sizeof(double) - 1) / sizeof(double));
    std::memcpy(&t.params[static_cast<std::size_t>(step.params)], params, size);
    for (int v = 0; v < count; ++v) {
      const View& view = views[v];
      Buffer* b = nullptr;
      // The generator's state moves on in every replay as it does here.
      if (view.data != nullptr && view.data != &default_generator()) {
        b = found(place_of(view.data), view.data);
        if (b == nullptr)
          return refuse(step.prim == Prim::Random ? "it draws from a random stream of its own"
                                                  : "it works on memory that is no tensor's");
        b->used = true;
        if (b->outside && !b->kept) b->kept = Ref<Storage>(b->storage);  // it must not end
        b->written = b->written || t.writes(step, v);
      }
      t.views.push_back(view);
      t.buffers.push_back(b == nullptr ? -1 : static_cast<int>(b - t.memory.data()));
      t.sizes_at.push_back(static_cast<int>(t.sizes.size()));
      for (const std::int64_t* list : {view.shape, view.strides})
        if (list != nullptr) t.sizes.insert(t.sizes.end(), list, list + view.rank);
    }
    t.steps.push_back(step);
  }

  kernels::Observer* observer_;
  Tape tape_;
  std::vector<int> by_address_;  // buffers by their beginnings
  std::vector<int> ended_;
  std::vector<const void*> keys_;
  std::vector<const void*> variables_;  // that the actions set
};

// To a contiguous tensor of the same shape and type. Of few values the call would cost more than the copy.
void copy_values(const Tensor& to, const Tensor& from) {
  constexpr std::size_t kFewBytes = 1024;
  const std::size_t bytes = static_cast<std::size_t>(from.numel()) * size_of(from.dtype());
  if (bytes <= kFewBytes && from.is_contiguous())
    std::memcpy(to.raw(), from.raw(), bytes);
  else
    kernels::launch(Prim::Copy, {view_of(to), view_of(from)}, kernels::NoParams{});
}

bool has_live_graph(const Tensor& t) {
  const AutogradMeta* m = meta_of(t);
  return m != nullptr && m->grad_fn && !m->grad_fn->released;
}

}  // namespace

struct Compiled::Variant {
  // What a call must be like.
  std::vector<Tensor> given;  // the arguments that need gradients are these very ones
  std::vector<Shape> shapes;
  std::vector<DType> dtypes;
  double key = 0;
  bool recorded_grads = true;
  Guards guards, always_guards;
  std::uint64_t changes = 0, generation = 0;
  int number = 0;

  std::vector<Tensor> inputs;  // what the arguments' values are copied to
  std::vector<Tensor> results;
  std::vector<char> is_own;    // made by the step: copied for the caller
  std::unique_ptr<Program> program;  // null: it cannot be replayed
  std::string refusal;

  bool fits(const std::vector<Tensor>& args, double wanted) const {
    if (generation != detail::generation || key != wanted) return false;
    if (args.size() != shapes.size() || recorded_grads != grad_enabled()) return false;
    for (std::size_t i = 0; i < args.size(); ++i) {
      if (args[i].dtype() != dtypes[i] || !(args[i].shape() == shapes[i])) return false;
      if (given[i].defined() ? !args[i].same_as(given[i]) : requires_grad(args[i])) return false;
    }
    return true;
  }

  std::vector<Tensor> copies() const;

  bool holds() {
    if (!all_hold(always_guards) || (changes != detail::changes && !all_hold(guards))) return false;
    changes = detail::changes;
    return true;
  }
};

Compiled::Compiled(Function step) : step_(std::move(step)) {}
Compiled::~Compiled() = default;

void Compiled::reset() {
  variants_.clear();
  last_ = nullptr;
  borrowed_.clear();
  refusal_.clear();
}

int Compiled::recording() const { return last_ == nullptr || last_->program == nullptr ? -1 : last_->number; }

const Program* Compiled::program() const { return last_ == nullptr ? nullptr : last_->program.get(); }

Compiled::Variant* Compiled::find(const std::vector<Tensor>& args, double key) {
  if (last_ != nullptr && last_->fits(args, key) && last_->holds()) return last_;
  for (const auto& variant : variants_)
    if (variant->fits(args, key) && variant->holds()) return last_ = variant.get();
  return nullptr;
}

// Within another recording the step is a part of that one; what looks at every op wants to see them.
bool Compiled::may_replay() const {
  return enabled_ && detail::current_recorder == nullptr && !detecting_anomaly();
}

Compiled::Variant* Compiled::replay(const std::vector<Tensor>& args, double key) {
  Variant* v = may_replay() ? find(args, key) : nullptr;
  if (v == nullptr || v->program == nullptr) return nullptr;
  refusal_.clear();
  for (std::size_t i = 0; i < args.size(); ++i)
    if (!v->given[i].defined()) copy_values(v->inputs[i], args[i]);
  v->program->run();
  ++replays_;
  return v;
}

std::vector<Tensor> Compiled::run(const std::vector<Tensor>& args, double key) {
  if (!may_replay()) {
    last_ = nullptr;
    return step_(args);
  }
  if (const Variant* v = find(args, key)) {
    refusal_ = v->refusal;
    return step_(args);
  }
  last_ = nullptr;
  std::erase_if(variants_, [](const auto& old) { return old->generation != detail::generation; });
  if (variants_.size() < kMostVariants) return record(args, key);
  refusal_ = str("it was recorded ", kMostVariants, " times, and this call is like none of them");
  return step_(args);
}

std::vector<Tensor> Compiled::Variant::copies() const {
  const NoGrad off;
  std::vector<Tensor> out;
  out.reserve(results.size());
  for (std::size_t i = 0; i < results.size(); ++i) out.push_back(is_own[i] ? clone(results[i]) : results[i]);
  return out;
}

std::vector<Tensor> Compiled::operator()(const std::vector<Tensor>& args, double key) {
  const Variant* v = replay(args, key);
  return v != nullptr ? v->copies() : run(args, key);
}

const std::vector<Tensor>& Compiled::borrow(const std::vector<Tensor>& args, double key) {
  if (const Variant* v = replay(args, key)) return v->results;
  borrowed_ = run(args, key);
  return borrowed_;
}

std::vector<Tensor> Compiled::record(const std::vector<Tensor>& args, double key) {
  auto made = std::make_unique<Variant>();
  Variant& v = *made;
  v.key = key;
  v.recorded_grads = grad_enabled();
  for (const Tensor& t : args) {
    const bool itself = requires_grad(t);
    v.given.push_back(itself ? t : Tensor());
    v.shapes.push_back(t.shape());
    v.dtypes.push_back(t.dtype());
    const NoGrad off;
    v.inputs.push_back(itself ? t : clone(t.detach()));
  }
  std::vector<Tensor> out;
  {
    Recording recording;
    out = step_(v.inputs);
    for (std::size_t i = 0; i < args.size(); ++i) {
      if (v.given[i].defined() || !recording.is_written(v.inputs[i].storage())) continue;
      recording.refuse("it changes its arguments in place");
      copy_(args[i], v.inputs[i]);
    }
    for (const Tensor& t : out) {
      if (has_live_graph(t)) recording.refuse("a result still needs a backward pass; take it inside, or use noGrad");
      const auto is_input = [&](const Tensor& in) { return in.shares_storage(t) && !requires_grad(in); };
      v.is_own.push_back(!recording.is_outside(t.storage()) ||
                         std::any_of(v.inputs.begin(), v.inputs.end(), is_input));
      v.results.push_back(v.is_own.back() ? t.detach() : t);
    }
    v.refusal = recording.refusal;
    v.guards = std::move(recording.guards);
    v.always_guards = std::move(recording.always_guards);
    if (v.refusal.empty()) {
      for (Tensor& t : out) t = Tensor();
      v.program = recording.program();
    }
  }
  v.changes = detail::changes;
  v.generation = detail::generation;
  v.number = static_cast<int>(recordings_);
  refusal_ = v.refusal;
  ++recordings_;
  if (v.program == nullptr) {
    // Nothing of it is needed again.
    v.results.clear();
    v.inputs.clear();
  } else {
    out = v.copies();
  }
  variants_.push_back(std::move(made));
  last_ = variants_.back().get();
  return out;
}

}  // namespace fluxion
