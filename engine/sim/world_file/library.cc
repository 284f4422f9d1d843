// engine/sim/world_file/library.cc
// The texts are in a source file that cmake/world_library.cmake writes.
#include "sim/world_file/library.h"

namespace promenade::sim {

const LibraryFile* find_file(std::span<const LibraryFile> library, std::string_view name) {
  for (const LibraryFile& file : library) {
    if (file.name == name) return &file;
  }
  return nullptr;
}

}  // namespace promenade::sim
