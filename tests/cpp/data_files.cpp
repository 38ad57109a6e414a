// IDX and CSV files, splits by class, normalisation, augmentation.

#include <algorithm>
#include <cmath>

#include "check.h"
#include "fluxion/data/augment.h"
#include "fluxion/data/loader.h"
#include "fluxion/data/normalize.h"
#include "fluxion/data/toy.h"
#include "fluxion/io/csv.h"
#include "fluxion/io/file.h"
#include "fluxion/io/idx.h"
#include "fluxion/ops/ops.h"

using namespace fluxion;
using Floats = std::vector<double>;
using Bytes = std::vector<std::byte>;

namespace {

Bytes bytes(std::initializer_list<int> values) {
  Bytes out;
  for (const int v : values) out.push_back(static_cast<std::byte>(v));
  return out;
}

Tensor picture() { return reshape(arange(1.0, 10.0), {1, 1, 3, 3}); }

}  // namespace

TEST(io_idx_reads_every_type) {
  const Tensor grid = io::load_idx(bytes({0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255}));
  CHECK(grid.dtype() == DType::UInt8 && grid.shape() == (Shape{2, 3}));
  CHECK_EQ(grid.to_vector<int>(), (std::vector<int>{1, 2, 3, 4, 5, 255}));
  CHECK_EQ(io::load_idx(bytes({0, 0, 9, 1, 0, 0, 0, 2, 255, 1})).to_vector<int>(), (std::vector<int>{-1, 1}));
  CHECK_EQ(io::load_idx(bytes({0, 0, 11, 1, 0, 0, 0, 1, 255, 254})).to_vector<int>(), (std::vector<int>{-2}));
  CHECK_EQ(io::load_idx(bytes({0, 0, 12, 1, 0, 0, 0, 1, 0, 0, 1, 2})).to_vector<int>(), (std::vector<int>{258}));
  CHECK_EQ(io::load_idx(bytes({0, 0, 13, 0, 0x3F, 0xC0, 0, 0})).item(), 1.5);
  CHECK_EQ(io::load_idx(bytes({0, 0, 14, 0, 0xBF, 0xF8, 0, 0, 0, 0, 0, 0})).item(), -1.5);
}

TEST(io_idx_reads_gzipped_files) {
  // python3: gzip.compress(b'\0\0\x08\x01\0\0\0\3abc', mtime=0)
  const Bytes zipped = bytes({31, 139, 8,  0,  0,  0,  0,  0,  2, 3,  99, 96, 224, 96,  100, 96,
                              96, 96,  78, 76, 74, 6,  0,  84, 36, 37, 196, 11, 0,  0,  0});
  CHECK_EQ(io::load_idx(zipped).to_vector<int>(), (std::vector<int>{97, 98, 99}));
  for (std::size_t i = 0; i < zipped.size(); ++i) {
    Bytes damaged = zipped;
    damaged[i] ^= std::byte{0x15};
    try {
      io::load_idx(damaged);
    } catch (const ParseError&) {
    }
    try {
      io::load_idx(std::span(zipped).first(i));
      CHECK(false);
    } catch (const ParseError&) {
    }
  }
  CHECK_THROWS(io::load_idx(zipped, 10), ParseError,
               "gzip file: byte 27: unpacks to 11 bytes, more than the limit of 10");
}

TEST(io_idx_refuses_damage) {
  CHECK_THROWS(io::load_idx(bytes({0, 0})), ParseError, "IDX file: byte 2: the file is cut short");
  CHECK_THROWS(io::load_idx(bytes({1, 0, 8, 0, 1})), ParseError, "the magic number does not begin with 0 0");
  CHECK_THROWS(io::load_idx(bytes({0, 0, 10, 0, 1})), ParseError, "IDX file: byte 2: no type has the number 10");
  CHECK_THROWS(io::load_idx(bytes({0, 0, 8, 2, 0, 0, 0, 1})), ParseError, "the sizes are cut short");
  CHECK_THROWS(io::load_idx(bytes({0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255})), ParseError,
               "are more than the file holds");
  CHECK_THROWS(io::load_idx(bytes({0, 0, 8, 1, 0, 0, 0, 1, 1, 2})), ParseError,
               "IDX file: byte 8: 2 bytes of values for the sizes [1] of 1 bytes each");
}

TEST(io_csv_reads_types_quotes_and_missing_values) {
  const io::Csv table = io::parse_csv(
      "\xEF\xBB\xBFname,age,\"a \"\"b\"\"\"\r\nAda, 36 ,1e3\r\n\"x,\ny\",NA,-.5\n\n,7,\n");
  CHECK_EQ(table.rows, 3);
  CHECK_EQ(std::get<io::Texts>(table["name"].values), (io::Texts{"Ada", "x,\ny", ""}));
  const io::Numbers age = std::get<io::Numbers>(table["age"].values);
  CHECK(age[0] == 36 && std::isnan(age[1]) && age[2] == 7);
  const Tensor both = table.numbers({"a \"b\"", "age"});
  CHECK(both.shape() == (Shape{3, 2}) && both.dtype() == DType::Float32);
  CHECK_EQ(both.at(0), 1000);
  const auto [labels, names] = table.classes("name");
  CHECK_EQ(labels.to_vector<int>(), (std::vector<int>{0, 1, -1}));
  CHECK_EQ(names, (io::Texts{"Ada", "x,\ny"}));
  const io::Csv plain = io::parse_csv("1;2\n3;4", {.delimiter = ';', .header = false, .text_columns = {"1"}});
  CHECK_EQ(std::get<io::Texts>(plain["1"].values), (io::Texts{"2", "4"}));
  CHECK_EQ(io::parse_csv("").rows, 0);
}

TEST(io_csv_names_line_and_column) {
  CHECK_THROWS(io::parse_csv("a,b\n1,2\n3\n"), ParseError,
               "parseCsv: line 3, column 1: 1 cells where there are 2 columns");
  CHECK_THROWS(io::parse_csv("a,b\n1,\"2\n3"), ParseError, "parseCsv: line 2, column 3: a quote is not closed");
  CHECK_THROWS(io::parse_csv("a\n\"1\"2"), ParseError, "parseCsv: line 2, column 4: something follows a closing quote");
  CHECK_THROWS(io::parse_csv("a\nx\"y"), ParseError, "parseCsv: line 2, column 2: a quote inside a cell");
  CHECK_THROWS(io::parse_csv("a,a\n"), ParseError, "parseCsv: line 1, column 3: the column 'a' is there twice");
  CHECK_THROWS(io::parse_csv("a,b\n\"1\n2\",3\n4,x\n", {.number_columns = {"b"}}), ParseError,
               "parseCsv: line 4, column 3: 'x' is no number, in the column 'b'");
  CHECK_THROWS(io::parse_csv("a\n1", {.text_columns = {"c"}}), IndexError, "parseCsv: no column is called 'c'");
  CHECK_THROWS(io::parse_csv("a\nx").numbers({"a"}), DTypeError, "csv: the column 'a' holds texts; use classes()");
  CHECK_THROWS(io::parse_csv("a,b\n")["c"], IndexError, "csv: no column is called 'c'; there are a, b");
}

TEST(data_stratified_split_keeps_the_shares_of_classes) {
  std::vector<std::int32_t> labels;
  for (int i = 0; i < 100; ++i) labels.push_back(i % 10 == 0 ? 2 : i % 2);
  const Tensor y = Tensor::from(labels, {100});
  const data::TensorDataset set({arange(0, 100), y});
  const auto parts = data::stratified_split(set, y, {0.8, 0.2}, 3);
  std::vector<int> seen;
  for (const auto& part : parts)
    for (const int v : part[0].to_vector<int>()) seen.push_back(v);
  std::sort(seen.begin(), seen.end());
  CHECK_EQ(seen, arange(0, 100).to_vector<int>());
  for (std::size_t p = 0; p < 2; ++p) {
    const std::vector<int> c = parts[p][1].to_vector<int>();
    CHECK_EQ(std::count(c.begin(), c.end(), 0), p == 0 ? 32 : 8);
    CHECK_EQ(std::count(c.begin(), c.end(), 2), p == 0 ? 8 : 2);
  }
  CHECK_EQ(data::stratified_split(set, y, {0.8, 0.2}, 3)[1][0].to_vector<int>(), parts[1][0].to_vector<int>());
  CHECK_THROWS(data::stratified_split(set, arange(0, 3), {1.0}), ShapeError,
               "stratifiedSplit: labels [3] for 100 examples");
  CHECK_THROWS(data::stratified_split(set, y, {0.7, 0.7}), FluxionError, "stratifiedSplit: the shares add up to 1.4");
}

TEST(data_normalizer_fits_applies_and_inverts) {
  const Tensor x = Tensor::from(Floats{1, 5, 3, 5, 5, 5}, {3, 2});
  const data::Normalizer fitted = data::Normalizer::fit(x);
  CHECK_EQ(fitted.mean().to_vector<double>(), (Floats{3, 5}));
  CHECK_CLOSE(fitted.std().at(0), std::sqrt(8.0 / 3), 1e-12, 0);
  CHECK_EQ(fitted.std().at(1), 1);
  const Tensor z = fitted.apply(x);
  CHECK_CLOSE(z.at(0), -std::sqrt(1.5), 1e-12, 0);
  const Tensor back = fitted.invert(z);
  for (std::int64_t i = 0; i < 6; ++i) CHECK_CLOSE(back.at(i), x.at(i), 1e-12, 0);
  const data::Normalizer images({Tensor::from(Floats{1}, {1}), Tensor::from(Floats{2}, {1})});
  CHECK_EQ(images.apply(picture()).at(8), 4);
  CHECK_THROWS(fitted.apply(zeros({2, 3})), ShapeError, "Normalizer: fitted to 2 along dimension 1, given [2, 3]");
}

TEST(data_augment_moves_exactly_by_whole_steps) {
  const auto values = [](const data::Augmentation& o, std::uint64_t seed) {
    return data::augment(picture(), o, seed).to_vector<double>();
  };
  CHECK_EQ(values({}, 1), picture().to_vector<double>());
  CHECK_EQ(values({.flip = 1}, 1), (Floats{3, 2, 1, 6, 5, 4, 9, 8, 7}));
  // A crop moves by whole pixels: each result is the picture at one of 9 places with the fill around.
  std::vector<Floats> places;
  for (std::int64_t dy = -1; dy <= 1; ++dy)
    for (std::int64_t dx = -1; dx <= 1; ++dx) {
      Floats place;
      for (std::int64_t v = 0; v < 3; ++v)
        for (std::int64_t u = 0; u < 3; ++u) {
          const std::int64_t y = v + dy, x = u + dx;
          place.push_back(y < 0 || x < 0 || y > 2 || x > 2 ? -1 : static_cast<double>(3 * y + x + 1));
        }
      places.push_back(place);
    }
  std::vector<int> hits(9);
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const auto found = std::find(places.begin(), places.end(), values({.crop = 1, .fill = -1}, seed));
    if (!CHECK(found != places.end())) return;
    ++hits[static_cast<std::size_t>(found - places.begin())];
  }
  CHECK(*std::min_element(hits.begin(), hits.end()) > 0);
}

TEST(data_augment_turns_shifts_scales_and_adds_noise) {
  // Everything in one image moves alike, in another differently; the middle of a turned image stays.
  const Tensor two = expand(picture(), {4, 2, 3, 3});
  const Tensor turned = data::augment(two, {.rotate = 90}, 5);
  for (std::int64_t i = 0; i < 4; ++i) {
    CHECK_EQ(turned.at(i * 18 + 4), 5);
    CHECK_EQ(turned.at(i * 18), turned.at(i * 18 + 9));
  }
  CHECK(turned.at(1) != turned.at(19));
  CHECK_EQ(turned.to_vector<float>(), data::augment(two, {.rotate = 90}, 5).to_vector<float>());
  CHECK_EQ(data::augment(picture(), {.scale = 0.5}, 2).at(4), 5);
  CHECK(data::augment(picture(), {.shift = 0.5}, 2).at(4) != 5);
  const Tensor noisy = data::augment(zeros({8, 1, 32, 32}), {.noise = 2}, 7);
  CHECK_CLOSE(sqrt(mean(square(noisy))).item(), 2, 0.05, 0);
  CHECK_THROWS(data::augment(zeros({3, 3}), {}), ShapeError, "augment: images must be [N, C, H, W], they are [3, 3]");
  CHECK_THROWS(data::augment(zeros({1, 1, 2, 2}, DType::UInt8), {}), DTypeError, "augment: images must be float32");
  CHECK_THROWS(data::augment(picture(), {.flip = 2}), FluxionError, "augment: flip must lie from 0 to 1, it is 2");
}

TEST(data_blobs_and_arithmetic) {
  const auto [x, y] = data::blobs(90, 3, 0, 10, 4);
  const std::vector<double> at = x.to_vector<double>();
  const std::vector<int> c = y.to_vector<int>();
  for (std::size_t i = 1; i < c.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      CHECK_EQ(c[i] == c[j], at[2 * i] == at[2 * j] && at[2 * i + 1] == at[2 * j + 1]);
  CHECK_EQ(std::count(c.begin(), c.end(), 1), 30);
  const auto [in, out] = data::arithmetic(50, 2, 1);
  CHECK(in.shape() == (Shape{50, 8}) && out.shape() == (Shape{50, 8}));
  for (std::int64_t i = 0; i < 50; ++i) {
    const auto digit = [&](const Tensor& t, std::int64_t k) { return static_cast<int>(t.at(i * 8 + k)); };
    CHECK(digit(in, 2) == 10 && digit(in, 5) == 11 && digit(out, 4) == -100);
    const int sum = digit(in, 0) * 10 + digit(in, 1) + digit(in, 3) * 10 + digit(in, 4);
    CHECK_EQ(digit(out, 5) * 100 + digit(out, 6) * 10 + digit(out, 7), sum);
    CHECK_EQ(digit(in, 6), digit(out, 5));
  }
}
