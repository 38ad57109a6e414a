#pragma once
// A recording of a computation, made to be replayed, sees the kernels' calls. Whatever else a computation does must
// tell it what to do again, or refuse: then the computation runs as before and is not replayed.

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "fluxion/core/ref.h"

namespace fluxion {

class Storage;

class Recorder {
 public:
  virtual ~Recorder() = default;
  // Storage that comes and goes while recording. `freed` gives true when the recorder has taken the bytes over.
  virtual void allocated(Storage& storage) = 0;
  virtual bool freed(Storage& storage) = 0;
  // Whether the storage was there before the recording began.
  virtual bool is_outside(const Storage& storage) const = 0;
  // The host wrote values into it: it is a constant.
  virtual void filled(const Storage& storage) = 0;
  // What happens cannot be replayed. The first reason counts.
  virtual void refuse(const std::string& why) = 0;
  // Is to be done at this place of every replay. What sets a variable names it: where no other kind of action came
  // since it was last set, nobody saw that value.
  virtual void repeat(std::function<void()> action, const void* variable = nullptr) = 0;
  // The recording holds as long as this does: looked at before every replay, or only after something was changed().
  virtual void guard(std::function<bool()> holds, bool always) = 0;
  // True the first time that this key is named in this recording.
  virtual bool is_first(const void* key) = 0;
};

namespace detail {
extern Recorder* current_recorder;  // hears of storage
extern bool recorder_paused;
extern std::uint64_t changes, generation;
}  // namespace detail

// Null unless a recording is under way.
inline Recorder* recorder() { return detail::recorder_paused ? nullptr : detail::current_recorder; }

inline void refuse_recording(const char* why) {
  if (Recorder* r = recorder()) [[unlikely]] r->refuse(why);
}

// Within its scope nothing is recorded.
class Unrecorded {
 public:
  Unrecorded() : before_(detail::recorder_paused) { detail::recorder_paused = true; }
  ~Unrecorded() { detail::recorder_paused = before_; }
  Unrecorded(const Unrecorded&) = delete;
  Unrecorded& operator=(const Unrecorded&) = delete;

 private:
  bool before_;
};

// Does what kernels' calls alone do not tell, now and in every replay. The action keeps alive what it works on: see
// held().
template <class F>
auto perform(F action) {
  if (Recorder* r = recorder()) [[unlikely]] r->repeat([action] { action(); });
  const Unrecorded off;
  return action();
}

// Something changed that recordings may have relied on: a mode, a hook, what requires a gradient.
inline void changed() { ++detail::changes; }
// Something changed that recordings cannot look at again: all of them end.
inline void end_recordings() { ++detail::generation; }

}  // namespace fluxion
