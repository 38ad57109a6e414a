#include "fluxion/ops/arrange.h"

#include <cmath>

#include "fluxion/ops/launch.h"
#include "fluxion/ops/ops.h"
#include "fluxion/ops/row.h"

namespace fluxion {
namespace {

Tensor repeated(const char* op, const Tensor& x, const Shape& times) {
  const int extra = times.ssize() - x.rank();
  Shape apart, wide, result;  // a dimension for each number beside each of x's
  for (int i = 0; i < times.ssize(); ++i) {
    if (times[i] < 0) throw ShapeError(str(op, ": nothing is repeated a negative number of times: ", times));
    const std::int64_t size = i < extra ? 1 : x.size(i - extra);
    for (const std::int64_t s : {std::int64_t{1}, size}) apart.push_back(s);
    for (const std::int64_t s : {times[i], size}) wide.push_back(s);
    result.push_back(times[i] * size);
  }
  numel(result, op);
  return reshape(clone(expand(reshape(x, apart), wide)), result);
}

// `dims` from 0 on, none twice.
Shape distinct_dims(const char* op, const Shape& dims, int rank) {
  Shape out;
  for (const std::int64_t dim : dims) {
    const int d = wrap_dim(op, dim, rank);
    if (std::find(out.begin(), out.end(), d) != out.end())
      throw ShapeError(str(op, ": dimension ", dim, " appears twice in ", dims));
    out.push_back(d);
  }
  return out;
}

struct Margin {
  int dim;
  std::int64_t before, after;
};

Tensor without_margins(Tensor t, const std::vector<Margin>& margins) {
  for (const auto& [d, before, after] : margins)
    t = narrow(t, d, std::max<std::int64_t>(before, 0),
               t.size(d) - std::max<std::int64_t>(before, 0) - std::max<std::int64_t>(after, 0));
  return t;
}

Tensor padded_by(const Tensor& x, double value, const std::vector<Margin>& margins) {
  std::vector<Margin> cuts;
  Shape shape = x.shape();
  for (const auto& [d, before, after] : margins) {
    cuts.push_back({d, -before, -after});
    shape[d] += before + after;
  }
  const Tensor kept = without_margins(x, cuts), out = full(shape, value, x.dtype());
  {
    const NoGrad off;
    copy_(without_margins(out, margins), kept);
  }
  return record("pad", out, {&kept}, [margins](Backward& ctx) { ctx.give(0, without_margins(ctx.grad(), margins)); });
}

// Where position i, which may lie outside [0, size), takes its value from.
std::int64_t source_of(PadMode mode, std::int64_t i, std::int64_t size) {
  if (mode == PadMode::Replicate) return std::clamp<std::int64_t>(i, 0, size - 1);
  if (mode == PadMode::Circular) return (i + size) % size;
  return i < 0 ? -i : i < size ? i : 2 * (size - 1) - i;
}

}  // namespace

std::vector<std::string> choice_names(PadMode) { return {"constant", "reflect", "replicate", "circular"}; }

Tensor movedim(const Tensor& x, const Shape& source, const Shape& destination) {
  if (source.size() != destination.size())
    throw ShapeError(str("movedim: source ", source, " and destination ", destination, " must be equally many"));
  const Shape from = distinct_dims("movedim", source, x.rank()), to = distinct_dims("movedim", destination, x.rank());
  if (x.rank() == 0) return permute(x, {});
  Shape order(static_cast<std::size_t>(x.rank()), -1);
  for (int i = 0; i < from.ssize(); ++i) order[static_cast<int>(to[i])] = from[i];
  int next = 0;  // the rest keeps its order
  for (std::int64_t& place : order) {
    if (place >= 0) continue;
    while (std::find(from.begin(), from.end(), next) != from.end()) ++next;
    place = next++;
  }
  return permute(x, order);
}

Tensor repeat(const Tensor& x, const Shape& sizes) {
  if (sizes.ssize() < x.rank())
    throw ShapeError(str("repeat: ", sizes, " are fewer numbers than x ", x.shape(), " has dimensions; use tile"));
  return repeated("repeat", x, sizes);
}

Tensor tile(const Tensor& x, const Shape& dims) {
  Shape times = dims;
  while (times.ssize() < x.rank()) times.insert(0, 1);
  return repeated("tile", x, times);
}

Tensor repeat_interleave(const Tensor& x, const Operand& repeats, std::optional<std::int64_t> dim) {
  constexpr const char* kOp = "repeatInterleave";
  const int d = dim ? wrap_dim(kOp, *dim, x.rank()) : 0;
  const std::int64_t size = !dim ? x.numel() : x.rank() == 0 ? 1 : x.size(d);
  if (repeats.is_tensor()) {
    check_index_dtype(kOp, repeats.tensor);
    const Tensor& counts = repeats.tensor;
    if (counts.rank() > 1 || (counts.numel() != 1 && counts.numel() != size))
      throw ShapeError(str(kOp, ": repeats must be one number or ", size, " of them, it is ", counts.shape()));
    std::vector<std::int32_t> places;
    for (std::int64_t i = 0; i < size; ++i) {
      const double count = counts.at(counts.numel() == 1 ? 0 : i);
      if (count < 0) throw ShapeError(str(kOp, ": repeats must not be negative, one is ", count));
      places.insert(places.end(), static_cast<std::size_t>(count), static_cast<std::int32_t>(i));
    }
    const Tensor index = Tensor::from(places, {static_cast<std::int64_t>(places.size())});
    return index_select(dim && x.rank() > 0 ? x : reshape(x, {-1}), d, index);
  }
  const double times = repeats.scalar.value;
  if (!(times >= 0 && times == std::floor(times) && times <= INT32_MAX))
    throw ShapeError(str(kOp, ": repeats must be a whole number from 0 on, it is ", times));
  const Tensor lane = dim && x.rank() > 0 ? x : reshape(x, {x.numel()});
  Shape wide = lane.shape(), result = lane.shape();
  wide.insert(d + 1, static_cast<std::int64_t>(times));
  result[d] *= static_cast<std::int64_t>(times);
  numel(result, kOp);
  return reshape(clone(expand(unsqueeze(lane, d + 1), wide)), result);
}

Tensor flip(const Tensor& x, const Shape& dims) {
  const Shape turned = distinct_dims("flip", dims, x.rank());
  Layout layout = x.layout();
  for (const std::int64_t d : turned) {
    if (x.numel() == 0 || x.rank() == 0) break;
    const int i = static_cast<int>(d);
    layout.offset += (layout.shape[i] - 1) * layout.strides[i];
    layout.strides[i] = -layout.strides[i];
  }
  return record("flip", clone(x.view_of(layout)), {&x},
                [turned](Backward& ctx) { ctx.give(0, flip(ctx.grad(), turned)); });
}

Tensor roll(const Tensor& x, const Shape& shifts, const std::optional<Shape>& dims) {
  if (!dims || dims->empty()) {
    if (shifts.ssize() != 1) throw ShapeError(str("roll: without dims there is one shift, these are ", shifts));
    return reshape(roll(reshape(x, {x.numel()}), shifts, Shape{0}), x.shape());
  }
  if (shifts.size() != dims->size())
    throw ShapeError(str("roll: shifts ", shifts, " and dims ", *dims, " must be equally many"));
  Shape along;
  for (const std::int64_t dim : *dims) along.push_back(wrap_dim("roll", dim, x.rank()));
  Tensor out = x;
  for (int i = 0; i < along.ssize() && x.numel() > 0 && x.rank() > 0; ++i) {
    const std::int64_t d = along[i], size = x.size(static_cast<int>(d)), shift = (shifts[i] % size + size) % size;
    out = cat({narrow(out, d, size - shift, shift), narrow(out, d, 0, size - shift)}, d);
  }
  return out.same_as(x) ? clone(x) : out;
}

Tensor pad(const Tensor& x, const Shape& pad, PadMode mode, double value) {
  if (pad.ssize() % 2 != 0 || pad.ssize() > 2 * x.rank())
    throw ShapeError(str("pad: takes two amounts, before and after, for at most ", x.rank(), " dimensions of x ",
                         x.shape(), ", these are ", pad));
  std::vector<Margin> margins;
  Shape shape = x.shape();
  for (int i = 0; i < pad.ssize(); i += 2) {
    const int d = x.rank() - 1 - i / 2;
    const std::int64_t size = x.size(d), before = pad[i], after = pad[i + 1], most = std::max(before, after);
    const std::int64_t room = mode == PadMode::Reflect                  ? size - 1
                              : mode == PadMode::Circular               ? size
                              : size == 0 && mode == PadMode::Replicate ? 0
                                                                        : INT32_MAX;
    if (most > room)
      throw ShapeError(str("pad: '", choice_names(mode)[static_cast<std::size_t>(mode)], "' reaches at most ", room,
                           " over the edge of dimension ", d, " of ", x.shape(), ", not ", most));
    if (before < -size || after < -size || before + after < -size)
      throw ShapeError(str("pad: ", pad, " cuts off more than there is of ", x.shape()));
    shape[d] += before + after;
    margins.push_back({d, before, after});
  }
  numel(shape, "pad");
  if (mode == PadMode::Constant) return padded_by(x, value, margins);
  Tensor out = x;
  for (const auto& [d, before, after] : margins) {
    std::vector<std::int32_t> places;
    const std::int64_t size = x.size(d);
    for (std::int64_t i = -before; i < size + after; ++i)
      places.push_back(static_cast<std::int32_t>(source_of(mode, i, size)));
    out = index_select(out, d, Tensor::from(places, {static_cast<std::int64_t>(places.size())}));
  }
  return out.same_as(x) ? clone(x) : out;
}

Tensor diag(const Tensor& x, std::int64_t diagonal) {
  if (x.rank() == 2) return clone(fluxion::diagonal(x, diagonal));
  if (x.rank() != 1) throw ShapeError(str("diag: needs a vector or a matrix, x is ", x.shape()));
  const std::int64_t size = x.size(0) + std::abs(diagonal);
  if (size > INT32_MAX) throw ShapeError(str("diag: diagonal ", diagonal, " is too far out"));
  const Tensor out = zeros({size, size}, x.dtype());
  {
    const NoGrad off;
    copy_(fluxion::diagonal(out, diagonal), x);
  }
  return record("diag", out, {&x},
                [diagonal](Backward& ctx) { ctx.give(0, fluxion::diagonal(ctx.grad(), diagonal)); });
}

std::vector<Row> arrange_rows() {
  std::vector<Row> rows;
  const auto add = [&](Row r) -> Row& {
    rows.push_back(r.dtypes("any; that of x").exempt("broadcast: one tensor").exempt("ties: values are only moved"));
    return rows.back();
  };
  add(op("movedim", movedim, {"x", "source", "destination"})
          .doc("x with some dimensions moved to other places, the rest in its order. Shares storage with x.")
          .shapes("x's sizes in the new order")
          .errors(
              "ShapeError when source and destination differ in number or repeat a dimension; IndexError when one "
              "is out of range")
          .source("https://pytorch.org/docs/stable/generated/torch.movedim.html")
          .example("tensor([[[1, 2, 3]]]).movedim(2, 0).shape", "[3, 1, 1]")
          .with({"[] source=[] destination=[]", "[1] source=0 destination=0", "[0,3] source=0 destination=1",
                 "[7] source=0 destination=-1", "[3,5]:T source=1 destination=0", "[2,3,5]:S source=0 destination=-1",
                 "[2,3,2,3] source=[0,1] destination=[3,0]", "[2,1,2,3,2]:E source=[4,0] destination=[0,1]"})
          .exempt("special: values are only moved"));
  add(op("repeat", repeat, {"x", "repeats"})
          .doc("x several times along each dimension; numbers in front of x's dimensions add new ones.")
          .formula("yᵢⱼ = x[i mod m][j mod n]")
          .shapes("each size times its number")
          .errors("ShapeError when there are fewer numbers than dimensions or one is negative")
          .source("https://pytorch.org/docs/stable/generated/torch.Tensor.repeat.html")
          .torch("x.repeat(repeats)")
          .example("tensor([1, 2]).repeat(2, 2).toArray()", "[[1, 2, 1, 2], [1, 2, 1, 2]]")
          .with({"[] repeats=[]", "[] repeats=[3]", "[1] repeats=[4]", "[0] repeats=[3]", "[7] repeats=[2,3]",
                 "[3,5] repeats=[1,1]", "[3,5]:T repeats=[2,2]", "[2,3,5]:S repeats=[1,2,1]",
                 "[2,3,2,3] repeats=[2,1,1,2]", "[2,1,2,3,2]:E repeats=[1,3,1,1,2]", "[3,5] repeats=[0,2]",
                 "[3]:i(-9,9) repeats=[2]", "[3]:={nan,inf,-inf} repeats=[2] !nograd"}));
  add(op("tile", tile, {"x", "dims"})
          .doc("x several times along each dimension; missing numbers in front are 1.")
          .formula("yᵢⱼ = x[i mod m][j mod n]")
          .shapes("each size times its number")
          .errors("ShapeError when a number is negative")
          .source("https://pytorch.org/docs/stable/generated/torch.tile.html")
          .torch("torch.tile(x, dims)")
          .example("tensor([[1, 2]]).tile(2).toArray()", "[[1, 2, 1, 2]]")
          .with({"[] dims=[2]", "[1] dims=[3]", "[0] dims=[2]", "[7] dims=[2,3]", "[3,5] dims=[2]",
                 "[3,5]:T dims=[2,2]", "[2,3,5]:S dims=[2]", "[2,3,2,3] dims=[2,1,2]", "[2,1,2,3,2]:E dims=[3,1,1,2]",
                 "[3]:={nan,inf,-inf} dims=[2] !nograd"}));
  add(op("repeat_interleave", repeat_interleave, {"x", "repeats", "dim=null"})
          .doc(
              "Each element of `dim` several times in a row, as often as `repeats` says for all or for each; without "
              "dim, of x flattened.")
          .formula("x₀ x₀ … x₁ x₁ …")
          .shapes("x with the sum of the repeats along dim, or a vector")
          .errors("ShapeError when repeats is negative, a fraction or not one per element; DTypeError when it is a "
                  "tensor other than int32; IndexError when dim is out of range")
          .source("https://pytorch.org/docs/stable/generated/torch.repeat_interleave.html")
          .torch("torch.repeat_interleave(x, repeats, dim)")
          .example("tensor([1, 2]).repeatInterleave(2).toArray()", "[1, 1, 2, 2]")
          .with({"[] 3", "[1] 4 dim=0", "[0] 2", "[7] 2", "[3,5] 2", "[3,5]:T 2 dim=0", "[2,3,5]:S 3 dim=1",
                 "[2,3,2,3] 2 dim=-1", "[2,1,2,3,2]:E 2 dim=0", "[3,5] 0 dim=1", "[3] [3]:i(0,4) dim=0",
                 "[2,3] [3]:i={2,0,1} dim=1", "[2,2] [4]:i(0,3)", "[2,3] [1]:i={2} dim=0", "[3]:i(-9,9) 2",
                 "[3]:={nan,inf,-inf} 2 !nograd"}));
  add(op("flip", flip, {"x", "dims"})
          .doc("A copy of x with the given dimensions in reverse order.")
          .formula("yᵢ = x[n − 1 − i]")
          .shapes("that of x")
          .errors("IndexError when a dimension is out of range; ShapeError when one appears twice")
          .source("https://pytorch.org/docs/stable/generated/torch.flip.html")
          .torch("torch.flip(x, dims)")
          .example("tensor([1, 2, 3]).flip(0).toArray()", "[3, 2, 1]")
          .with({"[] dims=[]", "[1] dims=[0]", "[0] dims=[0]", "[7] dims=[0]", "[3,5] dims=[1]", "[3,5]:T dims=[0,1]",
                 "[2,3,5]:S dims=[-1,0]", "[2,3,2,3] dims=[1,3]", "[2,1,2,3,2]:E dims=[0,3]", "[3]:b dims=[0]",
                 "[3]:={nan,inf,-inf} dims=[0] !nograd"}));
  add(op("roll", roll, {"x", "shifts", "dims=null"})
          .doc("x moved along the given dimensions by `shifts` places; what leaves at one end enters at the other. "
               "Without dims, x counts as flattened.")
          .formula("yᵢ = x[(i − shift) mod n]")
          .shapes("that of x")
          .errors("ShapeError when shifts and dims differ in number; IndexError when a dimension is out of range")
          .source("https://pytorch.org/docs/stable/generated/torch.roll.html")
          .torch("torch.roll(x, shifts, dims if dims is not None else ())")
          .example("tensor([1, 2, 3]).roll(1).toArray()", "[3, 1, 2]")
          .with({"[] shifts=2", "[1] shifts=3 dims=0", "[0] shifts=1 dims=0", "[7] shifts=-2", "[3,5] shifts=4",
                 "[3,5]:T shifts=[1,-2] dims=[0,1]", "[2,3,5]:S shifts=7 dims=-1",
                 "[2,3,2,3] shifts=[1,1] dims=[1,3]", "[2,1,2,3,2]:E shifts=1 dims=0", "[3]:i(-9,9) shifts=1",
                 "[3]:={nan,inf,-inf} shifts=1 !nograd"}));
  add(op("pad", pad, {"x", "pad", "mode=\"constant\"", "value=0"})
          .doc("x with more around its edges: `value`, a reflection that leaves out the edge itself, the edge again, "
               "or "
               "the other end. `pad` lists amounts before and after, from the last dimension on; negative ones cut "
               "off.")
          .shapes("each size plus its two amounts")
          .errors("ShapeError when the amounts do not pair up, or reach further than the mode has values for")
          .source("https://pytorch.org/docs/stable/generated/torch.nn.functional.pad.html")
          .torch("F.pad(x, pad, mode, value)")
          .example("F.pad(tensor([1, 2, 3]), [2, 1], 'reflect').toArray()", "[3, 2, 1, 2, 3, 2]")
          .no_method()
          .with({"[] pad=[]",
                 "[1] pad=[1,2]",
                 "[0] pad=[2,1] value=3",
                 "[7] pad=[2,0] value=-1.5",
                 "[3,5] pad=[-1,2]",
                 "[3,5]:T pad=[1,1,2,0] value=0.5",
                 "[2,3,5]:S pad=[0,0,1,-1,1,0]",
                 "[2,3,2,3] pad=[1,2,0,1]",
                 "[2,1,2,3,2]:E pad=[1,0,0,1]",
                 "[3]:i(-9,9) pad=[1,1] value=7",
                 "[3]:={nan,inf,-inf} pad=[1,1] value=nan !nograd",
                 "[2,3,5] pad=[2,3] mode=reflect",
                 "[2,3,5]:T pad=[4,0] mode=reflect",
                 "[2,2,3,5] pad=[1,2,2,1] mode=reflect",
                 "[2,3,5] pad=[2,7] mode=replicate",
                 "[2,2,3,5]:S pad=[1,0,4,1] mode=replicate",
                 "[2,1,2,3,2] pad=[1,1,0,2,3,0] mode=replicate",
                 "[2,3,5] pad=[5,3] mode=circular",
                 "[2,2,3,5]:T pad=[1,2,3,1] mode=circular",
                 "[1,1,2,3,2] pad=[1,1,2,0,0,2] mode=circular"}));
  add(op("diag", diag, {"x", "diagonal=0"})
          .doc("A square matrix with the vector x on one of its diagonals; or that diagonal of the matrix x.")
          .formula("yᵢⱼ = [j = i + diagonal]·xᵢ")
          .shapes("[n] → [n + |diagonal|, n + |diagonal|]; [m, n] → [length]")
          .errors("ShapeError when x is neither a vector nor a matrix")
          .source("https://pytorch.org/docs/stable/generated/torch.diag.html")
          .torch("torch.diag(x, diagonal)")
          .example("tensor([1, 2]).diag().toArray()", "[[1, 0], [0, 2]]")
          .with({"[1]", "[0]", "[7]", "[3] diagonal=2", "[3] diagonal=-1", "[5]:S", "[3,5]", "[5,3]:T diagonal=-2",
                 "[3,5]:S diagonal=1", "[3,3]:i(-9,9)", "[3]:={nan,inf,-inf} !nograd"})
          .exempt("rank: vectors and matrices only"));
  return rows;
}

}  // namespace fluxion
