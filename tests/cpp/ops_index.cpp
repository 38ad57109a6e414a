// Picking by index tensors: values, errors before anything changes.

#include <vector>

#include "check.h"
#include "fluxion/autograd/autograd.h"
#include "fluxion/ops/ops.h"

namespace {

using namespace fluxion;

std::vector<double> list(std::vector<double> v) { return v; }

Tensor ints(const std::vector<std::int32_t>& v, const Shape& shape) { return Tensor::from(v, shape); }
Tensor floats(const std::vector<float>& v, const Shape& shape) { return Tensor::from(v, shape); }
std::vector<double> values(const Tensor& t) { return t.to_vector<double>(); }

}  // namespace

TEST(gather_and_scatter_add) {
  const Tensor x = floats({1, 2, 3, 4, 5, 6}, {2, 3});
  CHECK_EQ(values(gather(x, 1, ints({2, 0, 1, 1}, {2, 2}))), list({3, 1, 5, 5}));
  CHECK_EQ(values(gather(x, 0, ints({1, 0, 1}, {1, 3}))), list({4, 2, 6}));
  CHECK_EQ(gather(floats({7}, {}), 0, ints({0}, {})).item(), 7);
  const Tensor y = scatter_add(zeros({2, 3}), 1, ints({2, 2, 0, 0}, {2, 2}), floats({1, 2, 3, 4}, {2, 2}));
  CHECK_EQ(values(y), list({0, 0, 3, 7, 0, 0}));
  CHECK_EQ(values(scatter_add(x, 0, ints({0}, {1, 1}), floats({10, 9, 9, 9}, {2, 2}))),
           list({11, 2, 3, 4, 5, 6}));
  CHECK_EQ(values(x), list({1, 2, 3, 4, 5, 6}));
}

TEST(index_select_and_index_add) {
  const Tensor x = floats({1, 2, 3, 4, 5, 6}, {2, 3});
  CHECK_EQ(values(index_select(x, 1, ints({2, 0, 2}, {3}))), list({3, 1, 3, 6, 4, 6}));
  CHECK_EQ(index_select(x, -1, ints({1}, {})).shape(), (Shape{2, 1}));
  CHECK_EQ(values(index_add(x, 0, ints({1, 1}, {2}), ones({2, 3}))), list({1, 2, 3, 6, 7, 8}));
}

TEST(embedding_takes_any_index_shape_and_spares_the_padding) {
  const Tensor w = floats({1, 2, 3, 4, 5, 6}, {3, 2});
  CHECK_EQ(embedding(ints({2, 0, 1, 1, 0, 2}, {1, 2, 3}), w).shape(), (Shape{1, 2, 3, 2}));
  CHECK_EQ(values(embedding(ints({2, 0}, {2}), w)), list({5, 6, 1, 2}));
  CHECK_EQ(values(embedding(ints({1}, {}), w)), list({3, 4}));
  set_requires_grad(w, true);
  for (const std::int64_t pad : {1, -2}) {
    set_grad(w, {});
    backward(sum(embedding(ints({2, 1, 2, 1}, {2, 2}), w, pad)));
    CHECK_EQ(values(grad_of(w)), list({0, 0, 0, 0, 2, 2}));
  }
}

TEST(one_hot_and_triangles) {
  CHECK_EQ(values(one_hot(ints({1, 0}, {2}))), list({0, 1, 1, 0}));
  CHECK_EQ(one_hot(ints({1, 0}, {2, 1}), 4).shape(), (Shape{2, 1, 4}));
  CHECK_EQ(one_hot(ints({1}, {})).dtype(), DType::Int32);
  const Tensor x = floats({1, 2, 3, 4, 5, 6, 7, 8, 9}, {3, 3});
  CHECK_EQ(values(tril(x)), list({1, 0, 0, 4, 5, 0, 7, 8, 9}));
  CHECK_EQ(values(tril(x, -1)), list({0, 0, 0, 4, 0, 0, 7, 8, 0}));
  CHECK_EQ(values(triu(x, 1)), list({0, 2, 3, 0, 0, 6, 0, 0, 0}));
}

TEST(index_errors_change_nothing) {
  const Tensor x = floats({1, 2, 3, 4, 5, 6}, {2, 3});
  CHECK_THROWS(gather(x, 1, ints({0, 3}, {1, 2})), IndexError,
               "gather: index 3 at position 1 is out of range for size 3");
  CHECK_THROWS(gather(x, 1, ints({-1}, {1, 1})), IndexError,
               "gather: index -1 at position 0 is out of range for size 3");
  CHECK_THROWS(gather(x, 2, ints({0}, {1, 1})), IndexError, "gather: dimension 2 is out of range for rank 2");
  CHECK_THROWS(gather(x, 1, ints({0}, {1})), ShapeError,
               "gather: the index [1] does not lie within x [2, 3] beside dimension 1");
  CHECK_THROWS(gather(x, 1, ints({0, 0, 0}, {3, 1})), ShapeError, "does not lie within x [2, 3]");
  CHECK_THROWS(gather(x, 1, zeros({1, 1})), DTypeError, "gather: indices must be int32, these are float32");
  CHECK_THROWS(scatter_add(x, 0, ints({2, 0}, {1, 2}), ones({1, 2})), IndexError,
               "scatterAdd: index 2 at position 0 is out of range for size 2");
  CHECK_THROWS(scatter_add(x, 0, ints({0, 0}, {1, 2}), ones({1, 1})), ShapeError,
               "scatterAdd: the index [1, 2] does not lie within src [1, 1]");
  CHECK_THROWS(scatter_add(x, 0, ints({0}, {1, 1}), ones({1, 1}, DType::Float64)), DTypeError,
               "scatterAdd: dtypes differ: float32 and float64");
  CHECK_THROWS(index_select(x, 0, ints({2}, {1})), IndexError,
               "indexSelect: index 2 at position 0 is out of range for size 2");
  CHECK_THROWS(index_select(x, 0, ints({0, 1}, {1, 2})), ShapeError,
               "indexSelect: the index must be a vector, it is [1, 2]");
  CHECK_THROWS(index_add(x, 0, ints({0, 5}, {2}), ones({2, 3})), IndexError,
               "indexAdd: index 5 at position 1");
  CHECK_THROWS(index_add(x, 0, ints({0}, {1}), ones({2, 3})), ShapeError,
               "indexAdd: src [2, 3] must be x [2, 3] with 1 along dimension 0");
  CHECK_THROWS(embedding(ints({3}, {1}), ones({3, 2})), IndexError,
               "embedding: index 3 at position 0 is out of range for size 3");
  CHECK_THROWS(embedding(ints({0}, {1}), ones({3, 2}), 3), IndexError,
               "embedding: paddingIdx 3 is out of range for 3 rows");
  CHECK_THROWS(embedding(ints({0}, {1}), ones({3})), ShapeError,
               "embedding: weight must be [number of rows, width], it is [3]");
  CHECK_THROWS(embedding(ones({1}), ones({3, 2})), DTypeError,
               "embedding: indices must be int32, these are float32");
  CHECK_THROWS(one_hot(ints({3}, {1}), 3), IndexError,
               "oneHot: index 3 at position 0 is out of range for size 3");
  CHECK_THROWS(one_hot(ints({-1}, {1})), IndexError, "oneHot: index -1");
  CHECK_THROWS(one_hot(ints({}, {0})), ShapeError, "oneHot: numClasses cannot be inferred from no indices");
  CHECK_THROWS(one_hot(ints({0}, {1}), 0), ShapeError,
               "oneHot: numClasses must be positive, or -1 to infer it, it is 0");
  CHECK_THROWS(tril(ones({3})), ShapeError, "tril: needs at least two dimensions, x is [3]");
  CHECK_EQ(values(x), list({1, 2, 3, 4, 5, 6}));
}
