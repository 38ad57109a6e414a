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

// [time, rows, then per row: op, primitive, kind, 4 sizes, calls, self, total, FLOP, bytes; then per event: row, run of
// its op, start, end].
unsigned stop_profile() {
  const Profiler& p = *profiler();
  profiler()->stop();
  std::vector<double> out = {p.time(), static_cast<double>(p.rows().size())};
  for (const Profiler::Row& r : p.rows()) {
    out.insert(out.end(), {static_cast<double>(r.op), static_cast<double>(r.prim), static_cast<double>(r.kind)});
    out.insert(out.end(), r.sizes, r.sizes + 4);
    out.insert(out.end(), {r.calls, r.self, r.total, r.cost.flop, r.cost.bytes});
  }
  for (const Profiler::Event& e : p.events())
    out.insert(out.end(), {static_cast<double>(e.row), static_cast<double>(e.op_call), e.start, e.end});
  return give_list(out);
}

// The names of ops, by number. Ends the profile.
unsigned profile_ops() {
  std::string names;
  for (const std::string& op : profiler()->ops()) names += op + '\0';
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
