#pragma once
// A small test harness, for native builds and for wasm under Node alike.
//
//   TEST(softmax_rows_sum_to_one) {
//     CHECK(cond);
//     CHECK_EQ(actual, expected);
//     CHECK_CLOSE(actual, expected, rtol, atol);   // numbers, or ranges of numbers
//     CHECK_THROWS(expression, ErrorType, "text within the message");
//   }
//
// Every CHECK… yields true when it held, so that a loop can stop early. A failed check is printed and the test
// goes on; a test that throws has failed. CHECK_CLOSE takes NaN as equal to NaN and infinities as equal to
// themselves.

#include <cmath>
#include <concepts>
#include <cstddef>
#include <exception>
#include <iterator>
#include <limits>
#include <optional>
#include <ranges>
#include <source_location>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace fluxion::testing {

struct Test {
  const char* name;
  const char* file;
  void (*run)();
};

// All tests of the program, in order of registration.
std::vector<Test>& tests();

struct Registration {
  Registration(const char* name, const char* file, void (*run)()) { tests().push_back({name, file, run}); }
};

// Marks the running test as failed and prints why; after many lines of one test only counts.
void fail(const std::source_location& where, const std::string& text);

template <class T>
concept Printable = requires(std::ostream& out, const T& value) {
  out << value;
};

template <class T>
std::string show(const T& value) {
  std::ostringstream out;
  if constexpr (std::is_same_v<T, bool>) {
    out << (value ? "true" : "false");
  } else if constexpr (std::is_floating_point_v<T>) {
    out.precision(std::numeric_limits<T>::max_digits10);
    out << value;
  } else if constexpr (std::is_same_v<T, char>) {
    out << "'" << value << "'";
  } else if constexpr (std::is_integral_v<T>) {
    out << +value;
  } else if constexpr (std::is_enum_v<T>) {
    out << +static_cast<std::underlying_type_t<T>>(value);
  } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    out << '"' << std::string_view(value) << '"';
  } else if constexpr (std::ranges::range<const T>) {
    out << '[';
    std::size_t count = 0;
    for (const auto& item : value) {
      if (count == 32) {
        out << ", …";
        break;
      }
      out << (count++ == 0 ? "" : ", ") << show<std::remove_cvref_t<decltype(item)>>(item);
    }
    out << ']';
  } else if constexpr (Printable<T>) {
    out << value;
  } else {
    out << "(unprintable)";
  }
  return out.str();
}

inline bool check(bool held, const char* expression,
                  const std::source_location where = std::source_location::current()) {
  if (!held) fail(where, expression);
  return held;
}

template <class A, class B>
bool equal(const A& actual, const B& expected) {
  if constexpr (std::integral<A> && std::integral<B> && !std::is_same_v<A, bool> && !std::is_same_v<B, bool> &&
                !std::is_same_v<A, char> && !std::is_same_v<B, char>) {
    return std::cmp_equal(actual, expected);
  } else if constexpr (std::ranges::range<const A> && std::ranges::range<const B> &&
                       !std::is_convertible_v<const A&, std::string_view>) {
    auto a = std::ranges::begin(actual);
    auto b = std::ranges::begin(expected);
    for (; a != std::ranges::end(actual) && b != std::ranges::end(expected); ++a, ++b)
      if (!equal(*a, *b)) return false;
    return a == std::ranges::end(actual) && b == std::ranges::end(expected);
  } else {
    return actual == expected;
  }
}

template <class A, class B>
bool check_equal(const A& actual, const B& expected, const char* expression,
                 const std::source_location where = std::source_location::current()) {
  const bool held = equal(actual, expected);
  if (!held) fail(where, std::string(expression) + " is " + show(actual) + ", expected " + show(expected));
  return held;
}

// |actual − expected| <= atol + rtol·|expected|, as in numpy.
inline bool close(double actual, double expected, double rtol, double atol) {
  if (std::isnan(expected)) return std::isnan(actual);
  if (std::isinf(expected) || std::isinf(actual)) return actual == expected;
  return std::abs(actual - expected) <= atol + rtol * std::abs(expected);
}

template <class A, class B>
bool check_close(const A& actual, const B& expected, double rtol, double atol, const char* expression,
                 const std::source_location where = std::source_location::current()) {
  if constexpr (std::ranges::range<const A>) {
    const auto size_a = static_cast<std::size_t>(std::ranges::distance(actual));
    const auto size_b = static_cast<std::size_t>(std::ranges::distance(expected));
    if (size_a != size_b) {
      fail(where, std::string(expression) + " has " + show(size_a) + " values, expected " + show(size_b));
      return false;
    }
    std::size_t wrong = 0, index = 0, first = 0;
    std::optional<std::pair<double, double>> values;
    auto b = std::ranges::begin(expected);
    for (auto a = std::ranges::begin(actual); a != std::ranges::end(actual); ++a, ++b, ++index) {
      if (close(static_cast<double>(*a), static_cast<double>(*b), rtol, atol)) continue;
      if (wrong++ == 0) {
        first = index;
        values = {static_cast<double>(*a), static_cast<double>(*b)};
      }
    }
    if (wrong == 0) return true;
    fail(where, std::string(expression) + "[" + show(first) + "] is " + show(values->first) + ", expected " +
                    show(values->second) + " (" + show(wrong) + " of " + show(size_a) + " differ; rtol " + show(rtol) +
                    ", atol " + show(atol) + ")");
    return false;
  } else {
    const bool held = close(static_cast<double>(actual), static_cast<double>(expected), rtol, atol);
    if (!held)
      fail(where, std::string(expression) + " is " + show(actual) + ", expected " + show(expected) + " (rtol " +
                      show(rtol) + ", atol " + show(atol) + ")");
    return held;
  }
}

template <class E, class F>
bool check_throws(F&& run, std::string_view text, const char* expression,
                  const std::source_location where = std::source_location::current()) {
  try {
    run();
  } catch (const E& error) {
    if (std::string_view(error.what()).find(text) != std::string_view::npos) return true;
    fail(where, std::string(expression) + " threw " + show(std::string_view(error.what())) + ", expected " +
                    show(text) + " within it");
    return false;
  } catch (const std::exception& error) {
    fail(where, std::string(expression) + " threw another type: " + show(std::string_view(error.what())));
    return false;
  }
  fail(where, std::string(expression) + " threw nothing, expected " + show(text));
  return false;
}

}  // namespace fluxion::testing

#define TEST(name)                                                                                  \
  static void test_##name();                                                                        \
  static const ::fluxion::testing::Registration registration_##name{#name, __FILE__, &test_##name}; \
  static void test_##name()

#define CHECK(...) ::fluxion::testing::check(static_cast<bool>(__VA_ARGS__), #__VA_ARGS__)
#define CHECK_EQ(actual, expected) ::fluxion::testing::check_equal((actual), (expected), #actual)
#define CHECK_CLOSE(actual, expected, rtol, atol) \
  ::fluxion::testing::check_close((actual), (expected), (rtol), (atol), #actual)
#define CHECK_THROWS(expression, ErrorType, text) \
  ::fluxion::testing::check_throws<ErrorType>([&] { static_cast<void>(expression); }, (text), #expression)
