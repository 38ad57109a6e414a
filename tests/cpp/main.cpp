// Runs every test, or those whose name or file's name contains one of the arguments; `--list` prints the names. The
// last line is "N passed, N failed", and the exit status says the same.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <exception>
#include <source_location>
#include <string>
#include <vector>

#include "check.h"

namespace fluxion::testing {

namespace {

constexpr int kShownFailures = 10;

int failures_of_test = 0;
const char* running = "";

}  // namespace

std::vector<Test>& tests() {
  static std::vector<Test> all;
  return all;
}

void fail(const std::source_location& where, const std::string& text) {
  const int number = ++failures_of_test;
  if (number > kShownFailures) return;
  if (number == 1) std::printf("FAIL %s\n", running);
  const char* file = std::strrchr(where.file_name(), '/');
  std::printf("  %s:%u: %s\n", file != nullptr ? file + 1 : where.file_name(), static_cast<unsigned>(where.line()),
              text.c_str());
}

namespace {

// True if the test held.
bool run(const Test& test) {
  failures_of_test = 0;
  running = test.name;
  try {
    test.run();
  } catch (const std::exception& error) {
    fail(std::source_location::current(), std::string("threw: ") + error.what());
  } catch (...) {
    fail(std::source_location::current(), "threw something that is no std::exception");
  }
  if (failures_of_test > kShownFailures) std::printf("  … %d failed checks in all\n", failures_of_test);
  return failures_of_test == 0;
}

const char* file_name(const char* path) {
  const char* slash = std::strrchr(path, '/');
  return slash != nullptr ? slash + 1 : path;
}

int main_program(int argc, char** argv) {
  bool list = false;
  std::vector<const char*> filters;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--list") == 0)
      list = true;
    else
      filters.push_back(argv[i]);
  }
  int passed = 0, failed = 0;
  for (const Test& test : tests()) {
    const bool wanted =
        filters.empty() || std::any_of(filters.begin(), filters.end(), [&](const char* filter) {
          return std::strstr(test.name, filter) != nullptr || std::strstr(file_name(test.file), filter) != nullptr;
        });
    if (!wanted) continue;
    if (list) {
      std::printf("%s\n", test.name);
      continue;
    }
    const auto start = std::chrono::steady_clock::now();
    (run(test) ? passed : failed) += 1;
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    if (took.count() > 1) std::printf("slow: %s took %.1f s\n", test.name, took.count());
    std::fflush(stdout);
  }
  if (list) return 0;
  if (passed + failed == 0) std::printf("no test matches\n");
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 && passed > 0 ? 0 : 1;
}

}  // namespace

}  // namespace fluxion::testing

int main(int argc, char** argv) { return fluxion::testing::main_program(argc, argv); }
