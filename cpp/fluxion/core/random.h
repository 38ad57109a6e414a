#pragma once
// PyTorch's CPU random stream: mt19937, and the draws that torch makes from it, digit for digit.

#include <array>
#include <cstddef>
#include <cstdint>

namespace fluxion {

class Generator {
 public:
  explicit Generator(std::uint64_t seed = 5489) { set_seed(seed); }

  void set_seed(std::uint64_t seed);
  std::uint64_t seed() const { return seed_; }

  std::uint32_t next_u32();
  std::uint64_t next_u64();  // two words, the first one high, as torch's random64

  // torch's uniform_(a, b): 24 random bits for float, 53 for double; x·(b−a)+a rounded once.
  float uniform_float(double a = 0, double b = 1);
  double uniform_double(double a = 0, double b = 1);

  void fill_uniform(float* out, std::ptrdiff_t n, double a, double b);
  void fill_uniform(double* out, std::ptrdiff_t n, double a, double b);
  // 16 values and more: Box–Muller on blocks of 8+8 uniforms; fewer: one cached pair at a time.
  void fill_normal(float* out, std::ptrdiff_t n, double mean, double std);
  void fill_normal(double* out, std::ptrdiff_t n, double mean, double std);
  void fill_bernoulli(float* out, std::ptrdiff_t n, double p);
  void fill_bernoulli(double* out, std::ptrdiff_t n, double p);
  void fill_randint(std::int32_t* out, std::ptrdiff_t n, std::int64_t low, std::int64_t high);
  void fill_randperm(std::int32_t* out, std::ptrdiff_t n);

  // The whole state, for checkpoints: 624 words, position, and the second normal of a pair.
  struct State {
    std::array<std::uint32_t, 624> words;
    std::uint32_t left = 1;
    std::uint32_t next = 0;
    std::uint64_t seed = 0;
    bool has_normal = false;
    double normal = 0;
  };
  const State& state() const { return state_; }
  void set_state(const State& s);

 private:
  void refill();
  double next_normal(double mean, double std);
  template <class T>
  void fill_normal_of(T* out, std::ptrdiff_t n, double mean, double std);
  template <class T, class Bits>
  void fill_bernoulli_of(T* out, std::ptrdiff_t n, double p);

  State state_{};
  std::uint64_t seed_ = 0;
};

// The generator behind manualSeed, rand, randn, dropout and the default initialisers.
Generator& default_generator();

}  // namespace fluxion
