// Made-up problems and batches.

#include <memory>

#include "bindings/wire.h"
#include "fluxion/data/augment.h"
#include "fluxion/data/loader.h"
#include "fluxion/data/toy.h"

namespace fluxion::bindings {
namespace {

data::Seed seed_from(int given, double seed) {
  return given != 0 ? data::Seed(static_cast<std::uint64_t>(seed)) : std::nullopt;
}
std::int64_t whole(double v) { return static_cast<std::int64_t>(v); }
unsigned give_pair(const data::Examples& e) { return give_tensors({e.first, e.second}); }

unsigned xor_problem() { return give_pair(data::xor_problem()); }
unsigned parity(double bits) { return give_pair(data::parity(whole(bits))); }
unsigned circles(double n, double noise, double factor, int seeded, double seed) {
  return give_pair(data::circles(whole(n), noise, factor, seed_from(seeded, seed)));
}
unsigned moons(double n, double noise, int seeded, double seed) {
  return give_pair(data::moons(whole(n), noise, seed_from(seeded, seed)));
}
unsigned spirals(double n, double classes, double turns, double noise, int seeded, double seed) {
  return give_pair(data::spirals(whole(n), whole(classes), turns, noise, seed_from(seeded, seed)));
}
unsigned blobs(double n, double classes, double noise, double spread, int seeded, double seed) {
  return give_pair(data::blobs(whole(n), whole(classes), noise, spread, seed_from(seeded, seed)));
}
unsigned arithmetic(double n, double digits, int seeded, double seed) {
  return give_pair(data::arithmetic(whole(n), whole(digits), seed_from(seeded, seed)));
}
// shift, rotate, scale, noise, flip, crop, fill.
int augment(int images, unsigned numbers, int seeded, double seed) {
  const ListView o = take_list(numbers);
  return hand_out(data::augment(tensor_at(images), {o[0], o[1], o[2], o[3], o[4], whole(o[5]), o[6]},
                                seed_from(seeded, seed)));
}
unsigned sorting(double n, double length, double letters, int seeded, double seed) {
  return give_pair(data::sorting(whole(n), whole(length), whole(letters), seed_from(seeded, seed)));
}
unsigned text_windows(int ids, double length, double stride) {
  return give_pair(data::text_windows(tensor_at(ids), whole(length), whole(stride)));
}

using Loader = std::shared_ptr<data::DataLoader>;
int new_loader(unsigned tensors, double batch_size, int shuffle, int drop_last, int seeded, double seed) {
  return table<Loader>().add(std::make_shared<data::DataLoader>(
      data::TensorDataset(tensors_of(tensors)),
      data::LoaderOptions{whole(batch_size), shuffle != 0, drop_last != 0, seed_from(seeded, seed)}));
}
void release_loader(int handle) { table<Loader>().release(handle); }
double loader_batches(int handle) { return static_cast<double>(table<Loader>().get(handle)->batch_count()); }
void loader_start(int handle) { table<Loader>().get(handle)->start_epoch(); }
unsigned loader_batch(int handle, double batch) {
  std::vector<Tensor> out;
  table<Loader>().get(handle)->load(whole(batch), out);
  return give_tensors(out);
}

// The parts' tensors one after the other; labels, where they are given, have their shares in each part.
unsigned split_dataset(unsigned tensors, int labels, unsigned shares, int seeded, double seed) {
  const ListView list = take_list(shares);
  const std::vector<double> sizes(list.begin(), list.end());
  const data::TensorDataset all(tensors_of(tensors));
  std::vector<Tensor> out;
  for (const data::TensorDataset& part :
       labels == 0 ? data::random_split(all, sizes, seed_from(seeded, seed))
                   : data::stratified_split(all, tensor_at(labels), sizes, seed_from(seeded, seed)))
    out.insert(out.end(), part.tensors().begin(), part.tensors().end());
  return give_tensors(out);
}

}  // namespace

EMSCRIPTEN_BINDINGS(fluxion_datasets) {
  bind<&xor_problem>("dataXor");
  bind<&parity>("dataParity");
  bind<&circles>("dataCircles");
  bind<&moons>("dataMoons");
  bind<&spirals>("dataSpirals");
  bind<&sorting>("dataSorting");
  bind<&text_windows>("dataTextWindows");
  bind<&new_loader>("newLoader");
  bind<&release_loader>("releaseLoader");
  bind<&loader_batches>("loaderBatches");
  bind<&loader_start>("loaderStart");
  bind<&loader_batch>("loaderBatch");
  bind<&split_dataset>("dataSplit");
  bind<&blobs>("dataBlobs");
  bind<&arithmetic>("dataArithmetic");
  bind<&augment>("dataAugment");
}

}  // namespace fluxion::bindings
