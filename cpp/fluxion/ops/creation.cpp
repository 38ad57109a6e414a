#include "fluxion/ops/creation.h"

#include <algorithm>
#include <cmath>

#include "fluxion/ops/launch.h"
#include "fluxion/ops/ops.h"
#include "fluxion/ops/row.h"

namespace fluxion {
namespace {

void draw(const Tensor& x, kernels::RandomKind kind, double a, double b) {
  const kernels::View generator{&default_generator()};
  kernels::launch(kernels::Prim::Random, {view_of(x), generator}, kernels::RandomParams{kind, a, b});
}

// Draws fill contiguous memory in order; a strided tensor gets a copy.
void draw_into(const char* op, const Tensor& x, kernels::RandomKind kind, double a, double b) {
  check_floating(op, x);
  if (x.is_contiguous()) {
    draw(x, kind, a, b);
  } else {
    const Tensor values = Tensor::empty(x.shape(), x.dtype());
    draw(values, kind, a, b);
    copy_(x, values);
  }
  x.storage().bump_version();
}

Tensor drawn(const char* op, const Shape& shape, DType dtype, kernels::RandomKind kind, double a, double b) {
  if (!is_floating(dtype)) throw DTypeError(str(op, ": needs float32 or float64, not ", dtype));
  const Tensor out = Tensor::empty(shape, dtype, op);
  draw(out, kind, a, b);
  return out;
}

Tensor filled(const char* op, const Shape& shape, double value, DType dtype) {
  const Tensor out = Tensor::empty(shape, dtype, op);
  kernels::launch(kernels::Prim::Fill, {view_of(out)}, kernels::FillParams{value});
  return out;
}

}  // namespace

Tensor full(const Shape& shape, double value, DType dtype) { return filled("full", shape, value, dtype); }
Tensor zeros(const Shape& shape, DType dtype) { return filled("zeros", shape, 0, dtype); }
Tensor ones(const Shape& shape, DType dtype) { return filled("ones", shape, 1, dtype); }

Tensor eye(std::int64_t n, std::optional<std::int64_t> m, DType dtype) {
  const Tensor out = filled("eye", {n, m.value_or(n)}, 0, dtype);
  fill_(diagonal(out), 1);
  return out;
}

Tensor arange(const Scalar& start, const Scalar& end, const Scalar& step, std::optional<DType> dtype) {
  const double count = std::ceil((end.value - start.value) / step.value);
  if (step.value == 0 || !std::isfinite(count))
    throw FluxionError("arange: start, end and step must be finite, the step not 0");
  if (count < 0)
    throw FluxionError(str("arange: from ", start.value, " to ", end.value, " a step of ", step.value, " leads away"));
  const bool integral = start.integral && end.integral && step.integral;
  const DType natural = integral ? DType::Int32 : DType::Float32;
  const Tensor out = Tensor::empty({static_cast<std::int64_t>(count)}, dtype.value_or(natural), "arange");
  kernels::launch(kernels::Prim::Arange, {view_of(out)}, kernels::ArangeParams{start.value, step.value});
  return out;
}

Tensor linspace(double start, double end, std::int64_t steps, DType dtype) {
  if (steps < 0) throw FluxionError(str("linspace: the number of steps is negative: ", steps));
  if (!is_floating(dtype)) throw DTypeError(str("linspace: needs float32 or float64, not ", dtype));
  const double step = steps > 1 ? (end - start) / static_cast<double>(steps - 1) : 0;
  const Tensor out = Tensor::empty({steps}, dtype);
  kernels::launch(kernels::Prim::Arange, {view_of(out)}, kernels::ArangeParams{start, step});
  if (steps > 1) fill_(select(out, 0, steps - 1), end);
  return out;
}

Tensor full_like(const Tensor& x, double value, std::optional<DType> dtype) {
  return full(x.shape(), value, dtype.value_or(x.dtype()));
}
Tensor zeros_like(const Tensor& x, std::optional<DType> dtype) { return full_like(x, 0, dtype); }
Tensor ones_like(const Tensor& x, std::optional<DType> dtype) { return full_like(x, 1, dtype); }

void manual_seed(std::uint64_t seed) { default_generator().set_seed(seed); }

Tensor rand(const Shape& shape, DType dtype) { return drawn("rand", shape, dtype, kernels::RandomKind::Uniform, 0, 1); }
Tensor randn(const Shape& shape, DType dtype) {
  return drawn("randn", shape, dtype, kernels::RandomKind::Normal, 0, 1);
}

Tensor bernoulli(const Shape& shape, double p, DType dtype) {
  if (!(p >= 0 && p <= 1)) throw FluxionError(str("bernoulli: the probability must lie in [0, 1], it is ", p));
  return drawn("bernoulli", shape, dtype, kernels::RandomKind::Bernoulli, p, 0);
}

Tensor randint(std::int64_t low, std::int64_t high, const Shape& shape, DType dtype) {
  if (high <= low) throw FluxionError(str("randint: high (", high, ") must be above low (", low, ")"));
  const Tensor out = Tensor::empty(shape, DType::Int32, "randint");
  draw(out, kernels::RandomKind::RandInt, static_cast<double>(low), static_cast<double>(high));
  return cast_raw(out, dtype);
}

Tensor randperm(std::int64_t n) {
  if (n < 0) throw FluxionError(str("randperm: the length is negative: ", n));
  const Tensor out = Tensor::empty({n}, DType::Int32);
  draw(out, kernels::RandomKind::RandPerm, 0, static_cast<double>(n));
  return out;
}

Tensor rand_like(const Tensor& x, std::optional<DType> dtype) {
  return drawn("randLike", x.shape(), dtype.value_or(x.dtype()), kernels::RandomKind::Uniform, 0, 1);
}
Tensor randn_like(const Tensor& x, std::optional<DType> dtype) {
  return drawn("randnLike", x.shape(), dtype.value_or(x.dtype()), kernels::RandomKind::Normal, 0, 1);
}

Tensor multinomial(const Tensor& x, std::int64_t num_samples, bool replacement) {
  constexpr const char* kOp = "multinomial";
  check_floating(kOp, x);
  if (x.rank() != 1 && x.rank() != 2) throw ShapeError(str(kOp, ": x must be [n] or [rows, n], it is ", x.shape()));
  const std::int64_t n = x.size(-1), rows = x.rank() == 1 ? 1 : x.size(0);
  if (num_samples < 1 || num_samples > INT32_MAX || (!replacement && num_samples > n))
    throw ShapeError(str(kOp, ": cannot draw ", num_samples, " of ", n, replacement ? "" : " without replacement"));
  const NoGrad off;
  if (x.numel() > 0 && !(amin(x).item() >= 0 && isfinite(amax(x)).item() != 0 && amin(sum(x, Shape{-1})).item() > 0))
    throw FluxionError(str(kOp, ": the weights must be finite and not negative, and some above 0 in each row"));
  Shape shape = x.shape();
  shape[x.rank() - 1] = num_samples;
  Generator& generator = default_generator();
  std::vector<double> values = x.to_vector<double>();
  const auto rounded = [single = x.dtype() == DType::Float32](double v) {
    return single ? static_cast<double>(static_cast<float>(v)) : v;
  };
  if (!replacement || num_samples == 1) {
    // The largest of weight/exponential draw is the first to be picked, and so on.
    for (double& v : values) v = rounded(v / rounded(-std::log(1 - generator.uniform_double())));
    const Tensor keys = to_dtype(Tensor::from(values, x.shape()), x.dtype());
    return contiguous(topk(keys, num_samples).second);
  }
  std::vector<std::int32_t> picks;
  for (std::int64_t row = 0; row < rows; ++row) {
    const auto first = values.begin() + row * n, last = first + n;
    double total = 0;
    for (auto v = first; v != last; ++v) *v = total = rounded(total + *v);
    for (auto v = first; v != last; ++v) *v = rounded(*v / total);
    for (std::int64_t i = 0; i < num_samples; ++i) {
      const auto place = std::lower_bound(first, last, generator.uniform_double()) - first;
      picks.push_back(static_cast<std::int32_t>(std::min<std::int64_t>(place, n - 1)));
    }
  }
  return Tensor::from(picks, shape);
}

void fill_(const Tensor& x, double value) {
  kernels::launch(kernels::Prim::Fill, {view_of(x)}, kernels::FillParams{value});
  x.storage().bump_version();
}
void uniform_(const Tensor& x, double from, double to) {
  draw_into("uniform_", x, kernels::RandomKind::Uniform, from, to);
}
void normal_(const Tensor& x, double mean, double std) {
  draw_into("normal_", x, kernels::RandomKind::Normal, mean, std);
}

void copy_(const Tensor& x, const Tensor& source) {
  const Layout from = expanded("copy_", source.layout(), x.shape());
  kernels::launch(kernels::Prim::Copy, {view_of(x), view_of(source, from)}, kernels::NoParams{});
  x.storage().bump_version();
}

std::vector<Row> creation_rows() {
  std::vector<Row> rows;
  const auto add = [&](Row r) {
    rows.push_back(r.no_grad()
                       .no_method()
                       .exempt("rank: takes no tensor")
                       .exempt("strided: takes no tensor")
                       .exempt("broadcast: takes no tensor")
                       .exempt("ties: takes no tensor")
                       .exempt("special: takes no tensor"));
  };
  const std::string all = "float32 by default; any dtype", floats = "float32 by default, or float64";
  const std::string negative = "ShapeError when a size is negative";
  const auto filled = [&](const char* name, auto fn, const char* doc, const char* result) {
    add(op(name, fn, {"shape", "*dtype=\"float32\""})
            .doc(doc)
            .shapes("as given")
            .dtypes(all)
            .errors(negative)
            .torch(str("torch.", name, "(shape, dtype=dtype)"))
            .example(str(name, "([2]).toArray()"), result)
            .sample("shape=[]")
            .sample("shape=[0]")
            .sample("shape=[1]")
            .sample("shape=[7]")
            .sample("shape=[2,3,5]")
            .sample("shape=[3] dtype=int32"));
  };
  filled("zeros", zeros, "A tensor of zeros.", "[0, 0]");
  filled("ones", ones, "A tensor of ones.", "[1, 1]");
  add(op("full", full, {"shape", "value", "*dtype=\"float32\""})
          .doc("A tensor filled with one value.")
          .shapes("as given")
          .dtypes(all)
          .errors(negative)
          .torch("torch.full(shape, value, dtype=dtype)")
          .example("full([2], 7).toArray()", "[7, 7]")
          .sample("shape=[] value=2")
          .sample("shape=[0] value=1")
          .sample("shape=[3,5] value=-1.5"));
  add(op("eye", eye, {"n", "m=null", "*dtype=\"float32\""})
          .doc("Ones on the diagonal of an n × m matrix, zeros elsewhere.")
          .shapes("[n, m]; m is n by default")
          .dtypes(all)
          .errors(negative)
          .torch("torch.eye(n, m if m is not None else n, dtype=dtype)")
          .example("eye(2).toArray()", "[[1, 0], [0, 1]]")
          .sample("n=0")
          .sample("n=1")
          .sample("n=3")
          .sample("n=2 m=5")
          .sample("n=5 m=2"));
  add(op("arange", arange, {"start", "end", "step=1", "*dtype=null"})
          .doc("Evenly stepped values from start up to, but without, end.")
          .formula("start + i·step")
          .shapes("[⌈(end − start)/step⌉]")
          .dtypes("int32 when all are whole, float32 otherwise; or as given")
          .errors("FluxionError when the step is 0 or leads away from end")
          .example("arange(1, 7, 2).toArray()", "[1, 3, 5]")
          .torch("torch.arange(start, end, step, dtype=dtype)")
          .sample("start=0 end=7")
          .sample("start=2 end=-5 step=-2")
          .sample("start=0 end=1 step=0.125")
          .sample("start=3 end=3")
          .sample("start=3 end=4"));
  add(op("linspace", linspace, {"start", "end", "steps", "*dtype=\"float32\""})
          .doc("`steps` evenly spaced values from start to end, both included.")
          .shapes("[steps]")
          .dtypes(floats)
          .errors("FluxionError when steps is negative")
          .torch("torch.linspace(start, end, steps, dtype=dtype)")
          .example("linspace(0, 1, 5).toArray()", "[0, 0.25, 0.5, 0.75, 1]")
          .sample("start=0 end=1 steps=0")
          .sample("start=0 end=1 steps=1")
          .sample("start=-1 end=3 steps=9"));
  const auto sizes = [](const std::string& rest) {
    return std::vector<std::string>{rest + "shape=[0]", rest + "shape=[1]", rest + "shape=[3]", rest + "shape=[2,3,5]"};
  };
  const auto random = [&](Row r, const char* doc, const char* example) {
    add(r.doc(doc).shapes("as given").errors(negative).example(example, "[3]").random());
  };
  random(op("rand", rand, {"shape", "*dtype=\"float32\""}).dtypes(floats).with(sizes("")),
         "Uniform draws from [0, 1), PyTorch's stream for the same manualSeed.", "rand([3]).shape");
  random(op("randn", randn, {"shape", "*dtype=\"float32\""}).dtypes(floats).with(sizes("")),
         "Normal draws of mean 0 and deviation 1, PyTorch's stream for the same manualSeed.", "randn([3]).shape");
  random(op("randint", randint, {"low", "high", "shape", "*dtype=\"int32\""})
             .dtypes("int32 by default")
             .with(sizes("low=0 high=5 ")),
         "Whole draws from low up to, but without, high.", "randint(0, 5, [3]).shape");
  random(op("randperm", randperm, {"n"}).dtypes("int32").sample("n=0").sample("n=1").sample("n=3"),
         "A random order of 0 to n − 1.", "randperm(3).shape");
  random(op("bernoulli", bernoulli, {"shape", "p", "*dtype=\"float32\""}).dtypes(floats).with(sizes("p=0.5 ")),
         "1 with probability p, 0 otherwise.", "bernoulli([3], 0.5).shape");

  const auto like = [&](const char* name, auto fn, const char* camel, const char* doc, const char* result) {
    rows.push_back(op(name, fn, {"x", "*dtype=null"})
                       .doc(doc)
                       .shapes("that of x")
                       .dtypes("that of x, or as given")
                       .no_grad()
                       .errors("none")
                       .torch(str("torch.", name, "(x, dtype=dtype)"))
                       .example(str("tensor([3, 4]).", camel, "().toArray()"), result)
                       .with(unary_samples()));
  };
  like("zeros_like", zeros_like, "zerosLike", "Zeros in the shape of x.", "[0, 0]");
  like("ones_like", ones_like, "onesLike", "Ones in the shape of x.", "[1, 1]");
  rows.push_back(op("full_like", full_like, {"x", "value", "*dtype=null"})
                     .doc("One value in the shape of x.")
                     .shapes("that of x")
                     .dtypes("that of x, or as given")
                     .no_grad()
                     .errors("none")
                     .torch("torch.full_like(x, value, dtype=dtype)")
                     .example("tensor([3, 4]).fullLike(7).toArray()", "[7, 7]")
                     .with(unary_samples("", "value=2"))
                     .sample("[3] value=1.5 dtype=float64"));
  const auto drawn_like = [&](const char* name, auto fn, const char* doc, const char* example) {
    rows.push_back(op(name, fn, {"x", "*dtype=null"})
                       .doc(doc)
                       .shapes("that of x")
                       .dtypes("that of x, or as given: float32, float64")
                       .no_grad()
                       .errors("DTypeError on other dtypes")
                       .example(example, "[3]")
                       .random()
                       .with(unary_samples()));
    rows.back().samples.pop_back();  // the one of integers
  };
  drawn_like("rand_like", rand_like, "Uniform draws from [0, 1) in the shape of x.", "zeros([3]).randLike().shape");
  drawn_like("randn_like", randn_like, "Normal draws of mean 0 and deviation 1 in the shape of x.",
             "zeros([3]).randnLike().shape");
  rows.push_back(op("multinomial", multinomial, {"x", "numSamples", "replacement=false"})
                     .doc("Indices drawn by the weights in x or in each of its rows, PyTorch's draws for the same "
                          "manualSeed.")
                     .shapes("[n] → [numSamples]; [rows, n] → [rows, numSamples]")
                     .dtypes("x is float32 or float64, the result int32")
                     .no_grad()
                     .errors("ShapeError when x has another rank or too few are there to draw; FluxionError when "
                             "weights are negative, not finite or all 0")
                     .source("https://pytorch.org/docs/stable/generated/torch.multinomial.html")
                     .example("multinomial(tensor([0, 1, 0]), 1).toArray()", "[1]")
                     .random()
                     .with({"[1]:d(0.1,1) numSamples=1", "[7]:d(0,1) numSamples=3", "[3,5]:d(0,1) numSamples=2",
                            "[3,5]:Td(0,1) numSamples=9 replacement=true", "[2,3]:Sd(0.1,1) numSamples=1",
                            "[3,4]:Ed(0,1) numSamples=4", "[4]:={1,1,2,2} numSamples=2", "[0,3] numSamples=2"})
                     .exempt("rank: weights stand in a vector or in rows")
                     .exempt("special: weights are finite"));
  return rows;
}

}  // namespace fluxion
