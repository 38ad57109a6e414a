// Sums of products by index letters. Every operand is brought to one order of dimensions, the result's letters first
// and the summed ones behind, with size 1 where it lacks a letter; then they are folded together from the left, each
// pair by one batched product.

#include <algorithm>

#include "fluxion/ops/launch.h"
#include "fluxion/ops/ops.h"
#include "fluxion/ops/row.h"

namespace fluxion {
namespace {

constexpr const char* kOp = "einsum";
constexpr int kLetters = 52;  // a-z, A-Z; the dimensions behind "..." count on from here

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
int index_of(char c) { return c <= 'Z' ? c - 'A' : c - 'a' + 26; }  // in PyTorch's order
char letter(int index) { return static_cast<char>(index < 26 ? 'A' + index : 'a' + index - 26); }

struct Term {
  std::string letters;
  int ellipsis = -1;  // how many letters stand before "..."
};

Term parse_term(const std::string& equation, std::string_view text) {
  Term term;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("...") && term.ellipsis < 0) {
      term.ellipsis = static_cast<int>(term.letters.size());
      i += 2;
    } else if (is_letter(text[i])) {
      term.letters += text[i];
    } else {
      throw FluxionError(str(kOp, ": '", equation, "' may hold letters, ',', '->' and one '...' a term, not '",
                             text.substr(i, 1), "'"));
    }
  }
  return term;
}

// The labels of a tensor's dimensions; `spread` is how many dimensions the longest "..." stands for.
std::vector<int> labels_of(const Term& term, int own, int spread) {
  std::vector<int> labels;
  for (int i = 0; i <= static_cast<int>(term.letters.size()); ++i) {
    for (int e = 0; i == term.ellipsis && e < own; ++e) labels.push_back(kLetters + spread - own + e);
    if (i < static_cast<int>(term.letters.size()))
      labels.push_back(index_of(term.letters[static_cast<std::size_t>(i)]));
  }
  return labels;
}

// x, whose dimensions are `labels`, in `order`: repeated labels by their diagonal, absent ones with size 1.
Tensor aligned(Tensor x, std::vector<int> labels, const std::vector<int>& order) {
  for (std::size_t i = 0; i < labels.size(); ++i)
    for (std::size_t j = labels.size() - 1; j > i; --j) {
      if (labels[j] != labels[i]) continue;
      x = movedim(diagonal(x, 0, static_cast<std::int64_t>(i), static_cast<std::int64_t>(j)), {-1},
                  {static_cast<std::int64_t>(i)});
      labels.erase(labels.begin() + static_cast<std::ptrdiff_t>(j));
    }
  Shape dims, shape;
  for (const int label : order) {
    const auto found = std::find(labels.begin(), labels.end(), label);
    const bool has = found != labels.end();
    if (has) dims.push_back(found - labels.begin());
    shape.push_back(has ? x.size(static_cast<int>(found - labels.begin())) : 1);
  }
  return reshape(permute(x, dims), shape);
}

Shape joined(std::initializer_list<Shape> groups) {
  Shape all;
  for (const Shape& group : groups)
    for (const std::int64_t d : group) all.push_back(d);
  return all;
}

// The sizes of some of t's dimensions.
Shape sizes_of(const Tensor& t, const Shape& dims) {
  Shape sizes;
  for (const std::int64_t d : dims) sizes.push_back(t.size(static_cast<int>(d)));
  return sizes;
}

// a·b, summed over the dimensions that `summed` marks, which stay with size 1.
Tensor contracted(Tensor a, Tensor b, const std::vector<char>& summed) {
  Shape batch, left, right, inner;
  for (int d = 0; d < a.rank(); ++d) {
    const bool in_a = a.size(d) != 1, in_b = b.size(d) != 1, sums = summed[static_cast<std::size_t>(d)] != 0;
    if (sums && in_a != in_b) {
      Tensor& only = in_a ? a : b;
      only = sum(only, Shape{d}, true);
    }
    Shape& group = in_a && in_b ? (sums ? inner : batch) : in_a && !sums ? left : right;
    group.push_back(d);
  }
  const std::int64_t n = numel(sizes_of(a, batch)), k = numel(sizes_of(a, inner));
  const Tensor x = reshape(permute(a, joined({batch, left, inner, right})), {n, numel(sizes_of(a, left)), k});
  const Tensor y = reshape(permute(b, joined({batch, inner, right, left})), {n, k, numel(sizes_of(b, right))});
  const Shape order = joined({batch, left, right, inner});
  Shape inverse = order;
  for (int i = 0; i < order.ssize(); ++i) inverse[static_cast<int>(order[i])] = i;
  const Shape sizes = joined({sizes_of(a, batch), sizes_of(a, left), sizes_of(b, right), Shape(inner.size(), 1)});
  return permute(reshape(bmm(x, y), sizes), inverse);
}

struct Plan {
  std::vector<std::vector<int>> operands;  // labels of each operand's dimensions
  std::vector<int> result;
};

Plan plan(const std::string& text, const std::vector<Tensor>& operands) {
  std::string equation = text;
  std::erase(equation, ' ');
  const std::size_t arrow = equation.find("->");
  std::vector<Term> terms;
  for (std::size_t from = 0, end = std::min(arrow, equation.size()); from <= end;) {
    const std::size_t comma = std::min(equation.find(',', from), end);
    terms.push_back(parse_term(equation, std::string_view(equation).substr(from, comma - from)));
    from = comma + 1;
  }
  if (terms.size() != operands.size())
    throw FluxionError(str(kOp, ": '", equation, "' is for ", terms.size(), " tensors, there are ", operands.size()));
  int spread = 0;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const int own = operands[i].rank() - static_cast<int>(terms[i].letters.size());
    if (own < 0 || (own > 0 && terms[i].ellipsis < 0))
      throw ShapeError(str(kOp, ": '", terms[i].letters, "' does not name the dimensions of ", operands[i].shape(),
                           " in '", equation, "'"));
    spread = std::max(spread, terms[i].ellipsis < 0 ? 0 : own);
  }
  Plan p;
  std::vector<int> uses(static_cast<std::size_t>(kLetters + spread));
  std::vector<std::int64_t> sizes(uses.size(), 1);
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const int own = operands[i].rank() - static_cast<int>(terms[i].letters.size());
    p.operands.push_back(labels_of(terms[i], own, spread));
    for (int d = 0; d < operands[i].rank(); ++d) {
      const auto label = static_cast<std::size_t>(p.operands[i][static_cast<std::size_t>(d)]);
      const auto first = std::find(p.operands[i].begin(), p.operands[i].end(), static_cast<int>(label));
      const std::int64_t size = operands[i].size(d),
                         before = operands[i].size(static_cast<int>(first - p.operands[i].begin()));
      ++uses[label];
      if (size != before || (size != 1 && sizes[label] != 1 && size != sizes[label]))
        throw ShapeError(str(kOp, ": '", label < kLetters ? std::string(1, letter(static_cast<int>(label))) : "...",
                             "' in '", equation, "' has size ", size, " in ", operands[i].shape(), " and ",
                             size != before ? before : sizes[label], " before"));
      if (size != 1) sizes[label] = size;
    }
  }
  if (arrow == std::string::npos) {
    // The dimensions of "...", then what appears once, in alphabetical order.
    for (int e = 0; e < spread; ++e) p.result.push_back(kLetters + e);
    for (int i = 0; i < kLetters; ++i)
      if (uses[static_cast<std::size_t>(i)] == 1) p.result.push_back(i);
    return p;
  }
  const Term result = parse_term(equation, std::string_view(equation).substr(arrow + 2));
  p.result = labels_of(result, spread, spread);
  for (const char c : result.letters)
    if (uses[static_cast<std::size_t>(index_of(c))] == 0 ||
        std::count(result.letters.begin(), result.letters.end(), c) > 1)
      throw FluxionError(str(kOp, ": '", std::string(1, c), "' must appear once in the result of '", equation,
                             "', and in a tensor before it"));
  return p;
}

}  // namespace

Tensor einsum(const std::string& equation, const std::vector<Tensor>& operands) {
  if (operands.empty()) throw FluxionError("einsum: the list of tensors is empty");
  for (const Tensor& t : operands) {
    check_same_dtype(kOp, operands[0], t);
    if (t.dtype() < DType::Int32)
      throw DTypeError(
          str(kOp, ": needs float32, float64 or int32, these are ", t.dtype(), "; convert them with to('float32')"));
  }
  const Plan p = plan(equation, operands);
  std::vector<int> order = p.result, last(static_cast<std::size_t>(kLetters + kMaxRank), -1);
  for (std::size_t i = 0; i < operands.size(); ++i)
    for (const int label : p.operands[i]) {
      if (std::find(order.begin(), order.end(), label) == order.end()) order.push_back(label);
      last[static_cast<std::size_t>(label)] = static_cast<int>(i);
    }
  Tensor out;
  for (int i = 0; i < static_cast<int>(operands.size()); ++i) {
    const auto at = static_cast<std::size_t>(i);
    const Tensor next = aligned(operands[at], p.operands[at], order);
    std::vector<char> summed;  // in no later tensor, nor in the result
    Shape dims;
    for (std::size_t d = 0; d < order.size(); ++d) {
      summed.push_back(d >= p.result.size() && last[static_cast<std::size_t>(order[d])] <= i);
      if (summed.back()) dims.push_back(static_cast<std::int64_t>(d));
    }
    out = i > 0 ? contracted(out, next, summed) : dims.empty() ? next : sum(next, dims, true);
  }
  return reshape(out, Shape(out.shape().begin(), out.shape().begin() + static_cast<std::ptrdiff_t>(p.result.size())));
}

Row einsum_row() {
  return op("einsum", einsum, {"equation", "operands"})
      .doc(
          "Products of elements, summed as the index letters say: letters of one name are paired, those missing "
          "behind '->' are summed over. A letter twice in one term takes the diagonal; '...' stands for dimensions "
          "that broadcast. Without '->' the result has the letters that appear once, in alphabetical order.")
      .formula("'ij,jk->ik': yᵢₖ = Σⱼ aᵢⱼ·bⱼₖ")
      .shapes("the sizes of the result's letters")
      .dtypes("float32, float64, int32; all the same")
      .errors(
          "FluxionError when the equation is no equation for that many tensors; ShapeError when letters do not "
          "fit the dimensions or sizes differ; DTypeError when dtypes differ")
      .source("https://pytorch.org/docs/stable/generated/torch.einsum.html")
      .torch("torch.einsum(equation, operands)")
      .example("einsum('ij,j->i', [tensor([[1, 2], [3, 4]]), tensor([5, 6])]).toArray()", "[17, 39]")
      .summation_order("the products of a sum are added in the tiling's order")
      .no_method()
      .with({"([],[]) equation=,->",
             "([1],[1]) equation=i,i->i",
             "([7]) equation=i->",
             "([3,5]) equation=ij->ji",
             "([5,5]) equation=ii->i",
             "([5,5]) equation=ii",
             "([3,5]) equation=ba",
             "([3,5],[5,7]) equation=ij,jk->ik",
             "([3,5]:T,[5,7]:S) equation=ij,jk",
             "([7],[3]) equation=i,j->ij",
             "([3,5],[3,5]) equation=ij,ij->",
             "([2,3,5],[2,5,7]) equation=bij,bjk->bik",
             "([2,3,5]:S,[5]) equation=bij,j->bi",
             "([2,3,5],[2,3,5]) equation=bij,bij->b",
             "([2,3,2,3],[2,3]) equation=...ij,kj->...ik",
             "([2,1,2,3,2]:E,[3,1,2,2]) equation=...ij,...jk->...ik",
             "([2,3],[3,4],[4,5]) equation=ij,jk,kl->il",
             "([2,3],[2,3],[2,3]) equation=ij,ij,ij->i",
             "([3,3,3]) equation=iii->i",
             "([2,3,3]) equation=bii->b",
             "([2,3,4],[3]) equation=ijk,j->ki",
             "([3,1],[3,5]) equation=ij,ij->ij",
             "([2,3],[4]) equation=ij,k->",
             "([2,3],[2,3,4]) equation=...,...k->k...",
             "([0,3],[3,2]) equation=ij,jk->ik",
             "([2,0],[0,3]) equation=ij,jk->ik",
             "([3,4]:t,[4,3]:t) equation=ij,ji->",
             "([3,4]:i(-9,9),[4]:i(-9,9)) equation=ij,j->i",
             "([1,3]:={nan,inf,1},[3]:={1,2,-inf}) equation=ij,j->i !nograd"});
}

}  // namespace fluxion
