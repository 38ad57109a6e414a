// The profiler: one at a time, its findings as numbers.

#include <optional>

#include "bindings/boundary.h"
#include "fluxion/train/profile.h"

namespace fluxion::bindings {
namespace {

using train::Profiler;

std::optional<Profiler>& profiler() {
  static auto* place = new std::optional<Profiler>;
  return *place;
}

void start_profile() {
  if (!profiler()) profiler().emplace();
  profiler()->start();
}

// [time, rows, then per row: gradient, primitive, kind, 4 sizes, calls, self, total, FLOP, bytes; then per event: row,
// run of its op, start, end].
unsigned stop_profile() {
  const Profiler& p = *profiler();
  profiler()->stop();
  std::vector<double> out;
  const auto put = [&out](double v) { out.push_back(v); };
  put(p.time());
  put(static_cast<double>(p.rows().size()));
  for (const Profiler::Row& r : p.rows()) {
    put(r.gradient);
    put(static_cast<int>(r.prim));
    put(r.kind);
    for (const std::int64_t size : r.sizes) put(static_cast<double>(size));
    for (const double v : {r.calls, r.self, r.total, r.cost.flop, r.cost.bytes}) put(v);
  }
  for (const double v : p.events()) put(v);
  return give_list(out);
}

// The op of each row. Ends the profile.
unsigned profile_ops() {
  std::string names;
  for (const Profiler::Row& r : profiler()->rows()) {
    names += r.op;
    names += '\0';
  }
  profiler().reset();
  return give_text(std::move(names));
}

}  // namespace

EMSCRIPTEN_BINDINGS(fluxion_profile) {
  bind<&start_profile>("startProfile");
  bind<&stop_profile>("stopProfile");
  bind<&profile_ops>("profileOps");
}

}  // namespace fluxion::bindings
