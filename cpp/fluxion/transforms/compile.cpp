#include "fluxion/transforms/compile.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <set>

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

struct Guard {
  std::function<bool()> holds;
  bool always;
};

// Memory that ended while recording is given back only afterwards, so that an address stands for one buffer.
struct Ended {
  void* data;
  std::size_t bytes;
};

class Recording final : public Recorder, public kernels::Observer {
 public:
  Recording() {
    for (Storage* s = Storage::newest(); s != nullptr; s = s->older()) enter(*s, true);
    observer_ = kernels::set_observer(this);
    detail::current_recorder = this;
  }
  ~Recording() override {
    close();
    give_back();
  }
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

  void close() {
    if (!open_) return;
    open_ = false;
    kernels::set_observer(observer_);
    detail::current_recorder = nullptr;
  }

  // ---- what a recorder hears ----

  void allocated(Storage& s) override { enter(s, detail::recorder_paused); }

  bool freed(Storage& s) override {
    const int b = buffer_at(s.data());
    if (b < 0) return false;
    Seen& seen = seen_[static_cast<std::size_t>(b)];
    if (seen.storage != &s) return false;
    seen.storage = nullptr;
    if (seen.outside) {
      by_address_.erase(seen.begin);
      return false;
    }
    ended_.push_back({s.data(), s.bytes()});
    return true;
  }

  bool is_outside(const Storage& s) const override {
    const int b = buffer_at(s.data());
    return b < 0 || seen_[static_cast<std::size_t>(b)].outside;
  }
  bool is_written(const Storage& s) const {
    const int b = buffer_at(s.data());
    return b >= 0 && seen_[static_cast<std::size_t>(b)].written;
  }
  void filled(const Storage& s) override {
    if (const int b = buffer_at(s.data()); b >= 0) seen_[static_cast<std::size_t>(b)].constant = true;
  }
  void refuse(const std::string& why) override {
    if (refusal.empty()) refusal = why;
  }
  void repeat(std::function<void()> action) override {
    Step step;
    step.action = std::move(action);
    steps_.push_back(std::move(step));
  }
  void guard(std::function<bool()> holds, bool always) override { guards.push_back({std::move(holds), always}); }
  bool is_first(const void* key) override { return keys_.insert(key).second; }

  // ---- what an observer sees ----

  void on_call(Prim prim, const View* views, int count, const void* params, std::size_t size) override {
    if (!detail::recorder_paused) add(prim, nullptr, views, count, params, size);
    if (observer_ != nullptr) observer_->on_call(prim, views, count, params, size);
  }
  void on_check(kernels::Entry check, const View* views, int count, const void* params, std::size_t size) override {
    if (!detail::recorder_paused) add(Prim::Count, check, views, count, params, size);
  }

  // To be called when all that the step made is gone but for `results` and what it left elsewhere.
  std::unique_ptr<Program> program() {
    close();
    std::vector<Buffer> buffers;
    for (Seen& s : seen_) {
      Buffer b{s.begin, s.bytes, s.used ? Ref<Storage>(s.storage) : Ref<Storage>()};
      if (s.used && !b.kept && s.constant) {
        b.kept = make_ref<Storage>(s.bytes);
        if (s.bytes > 0) std::memcpy(b.kept->data(), s.begin, s.bytes);
      }
      buffers.push_back(std::move(b));
    }
    give_back();
    return std::make_unique<Program>(std::move(steps_), std::move(buffers), std::move(sizes_));
  }

  std::string refusal;
  std::vector<Guard> guards;

 private:
  struct Seen {
    std::byte* begin;
    std::size_t bytes;
    Storage* storage;  // null once it ended
    bool outside;      // not the recording's to place
    bool constant = false, used = false, written = false;
    Ref<Storage> held = {};  // what is used from outside must not end
  };

  void give_back() {
    for (const Ended& e : ended_) free_bytes(e.data, e.bytes);
    if (!ended_.empty()) release_cache();
    ended_.clear();
  }

  void enter(Storage& s, bool outside) {
    auto* begin = static_cast<std::byte*>(s.data());
    by_address_[begin] = static_cast<int>(seen_.size());
    seen_.push_back({begin, s.bytes(), &s, outside});
  }

  int buffer_at(const void* address) const {
    const auto* p = static_cast<const std::byte*>(address);
    auto it = by_address_.upper_bound(const_cast<std::byte*>(p));
    if (it == by_address_.begin()) return -1;
    const int b = (--it)->second;
    const Seen& s = seen_[static_cast<std::size_t>(b)];
    return p < s.begin + std::max<std::size_t>(s.bytes, 1) ? b : -1;
  }

  void add(Prim prim, kernels::Entry check, const View* views, int count, const void* params, std::size_t size) {
    Step step;
    step.prim = prim;
    step.check = check;
    const auto* bytes = static_cast<const std::byte*>(params);
    step.params.assign(bytes, bytes + size);
    for (int v = 0; v < count; ++v) {
      View view = views[v];
      int b = -1;
      if (view.data == &default_generator()) {
        // Its state moves on in every replay as it does here.
      } else if (view.data != nullptr) {
        b = buffer_at(view.data);
        if (b < 0) return refuse(prim == Prim::Random ? "it draws from a random stream of its own"
                                                      : "it works on memory that is no tensor's");
        Seen& s = seen_[static_cast<std::size_t>(b)];
        s.used = true;
        if (s.outside && !s.held) s.held = Ref<Storage>(s.storage);
      }
      for (const std::int64_t** list : {&view.shape, &view.strides}) {
        if (*list == nullptr) continue;
        sizes_.push_back(std::make_unique<Shape>(*list, *list + view.rank));
        *list = sizes_.back()->data();
      }
      step.buffers.push_back(b);
      step.views.push_back(view);
      if (b >= 0 && writes(step, static_cast<std::size_t>(v))) seen_[static_cast<std::size_t>(b)].written = true;
    }
    steps_.push_back(std::move(step));
  }

  bool open_ = true;
  kernels::Observer* observer_ = nullptr;
  std::vector<Seen> seen_;
  std::map<std::byte*, int> by_address_;
  std::vector<Ended> ended_;
  std::vector<Step> steps_;
  std::vector<std::unique_ptr<Shape>> sizes_;
  std::set<const void*> keys_;
};

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
  std::vector<Guard> guards;
  std::uint64_t changes = 0, generation = 0;
  int number = 0;

  std::vector<Tensor> inputs;  // what the arguments' values are copied to
  std::vector<Tensor> results;
  std::vector<char> is_own;    // made by the step: copied for the caller
  std::unique_ptr<Program> program;  // null: it cannot be replayed
  std::string refusal;

  bool fits(const std::vector<Tensor>& args, double wanted) const {
    if (generation != detail::generation || args.size() != shapes.size() || key != wanted || recorded_grads != grad_enabled()) return false;
    for (std::size_t i = 0; i < args.size(); ++i) {
      if (args[i].dtype() != dtypes[i] || !(args[i].shape() == shapes[i])) return false;
      if (given[i].defined() ? !args[i].same_as(given[i]) : requires_grad(args[i])) return false;
    }
    return true;
  }

  bool holds() {
    for (const Guard& g : guards)
      if ((g.always || changes != detail::changes) && !g.holds()) return false;
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

const std::vector<Tensor>& Compiled::borrow(const std::vector<Tensor>& args, double key) {
  borrowed_ = call(args, key, true);
  return borrowed_;
}

std::vector<Tensor> Compiled::call(const std::vector<Tensor>& args, double key, bool borrowed) {
  // Within another recording the step is a part of that one; what looks at every op wants to see them.
  if (!enabled_ || detail::current_recorder != nullptr || detecting_anomaly()) {
    last_ = nullptr;
    return step_(args);
  }
  Variant* v = find(args, key);
  if (v == nullptr && std::erase_if(variants_, [](const auto& old) {
        return old->generation != detail::generation;
      }) > 0)
    last_ = nullptr;
  if (v == nullptr && variants_.size() < kMostVariants) return record(args, key);
  if (v == nullptr) {
    refusal_ = str("it was recorded ", kMostVariants, " times, and this call is like none of them");
    last_ = nullptr;
    return step_(args);
  }
  refusal_ = v->refusal;
  if (v->program == nullptr) return step_(args);

  for (std::size_t i = 0; i < args.size(); ++i)
    if (!v->given[i].defined())
      kernels::launch(Prim::Copy, {view_of(v->inputs[i]), view_of(args[i])}, kernels::NoParams{});
  v->program->run();
  ++replays_;
  if (borrowed) return v->results;
  const NoGrad off;
  std::vector<Tensor> out;
  for (std::size_t i = 0; i < v->results.size(); ++i)
    out.push_back(v->is_own[i] ? clone(v->results[i]) : v->results[i]);
  return out;
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
    const NoGrad off;
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = v.is_own[i] ? clone(v.results[i]) : v.results[i];
  }
  variants_.push_back(std::move(made));
  last_ = variants_.back().get();
  return out;
}

}  // namespace fluxion
