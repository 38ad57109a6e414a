#pragma once
// Files below tests/fixtures; $FLUXION_FIXTURES moves the folder.

#include <cstdlib>
#include <string>

namespace fluxion {

inline std::string fixture_path(const std::string& name) {
  const char* folder = std::getenv("FLUXION_FIXTURES");
  const std::string here = __FILE__;
  return (folder != nullptr ? folder : here.substr(0, here.find_last_of('/')) + "/../fixtures") + "/" + name;
}

}  // namespace fluxion
