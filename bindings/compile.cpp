// Steps written in JavaScript, recorded and replayed.

#include "bindings/callbacks.h"
#include "fluxion/transforms/compile.h"

namespace fluxion::bindings {
namespace {

// The step is a JavaScript function from the address of its arguments' handles to that of its results'.
int new_compiled(int id) {
  const Callback step(id);
  return table<Ref<Compiled>>().add(make_ref<Compiled>([step](const std::vector<Tensor>& args) {
    const auto list = static_cast<unsigned>(step(give_tensors(args)));
    const ListView given = take_list(list);
    std::vector<Tensor> out;
    for (const double handle : given) out.push_back(taken(handle));
    return out;
  }));
}

Compiled& compiled_at(int handle) { return *table<Ref<Compiled>>().get(handle); }

// [number of the recording or −1, results …]
unsigned run_compiled(int handle, unsigned args, double key) {
  const Ref<Compiled> step = table<Ref<Compiled>>().get(handle);  // the step may grow the table
  const std::vector<Tensor> results = (*step)(tensors_of(args), key);
  std::vector<double>& out = given_list();
  out.assign({1 + static_cast<double>(results.size()), static_cast<double>(step->recording())});
  for (const Tensor& t : results) out.push_back(hand_out(t));
  return reinterpret_cast<unsigned>(out.data());
}

unsigned compiled_refusal(int handle) { return give_text(compiled_at(handle).refusal()); }

// [recordings, replays, calls, planned bytes, unplanned bytes] of the recording used last.
unsigned compiled_numbers(int handle) {
  const Compiled& c = compiled_at(handle);
  const Program* p = c.program();
  std::vector<double> out = {static_cast<double>(c.recordings()), static_cast<double>(c.replays()), 0, 0, 0};
  if (p != nullptr) {
    out[2] = static_cast<double>(p->call_count());
    out[3] = static_cast<double>(p->planned_bytes());
    out[4] = static_cast<double>(p->unplanned_bytes());
  }
  return give_list(out);
}

void reset_compiled(int handle) { compiled_at(handle).reset(); }
void release_compiled(int handle) { table<Ref<Compiled>>().release(handle); }

int is_recording() { return recorder() != nullptr; }
void refuse(unsigned why) {
  if (Recorder* r = recorder()) r->refuse(take_text(why));
}
// The recording holds while the JavaScript function gives anything but 0.
void guard_recording(int id) {
  if (Recorder* r = recorder()) r->guard([call = Callback(id)] { return call() != 0; }, false);
}

}  // namespace

EMSCRIPTEN_BINDINGS(fluxion_compile) {
  bind<&new_compiled>("newCompiled");
  bind<&run_compiled>("runCompiled");
  bind<&compiled_refusal>("compiledRefusal");
  bind<&compiled_numbers>("compiledNumbers");
  bind<&reset_compiled>("resetCompiled");
  bind<&release_compiled>("releaseCompiled");
  bind<&is_recording>("isRecording");
  bind<&refuse>("refuseRecording");
  bind<&guard_recording>("guardRecording");
  bind<&changed>("changed");
  bind<&end_recordings>("endRecordings");
}

}  // namespace fluxion::bindings
