#pragma once  // engine/sim/world_file/library.h
// The course's own world files and the components that they use, as they stand in course/worlds
// when the program is compiled.
#include <span>
#include <string_view>

namespace promenade::sim {

struct LibraryFile {
  std::string_view name;  // Without ".yaml".
  std::string_view text;
};

std::span<const LibraryFile> world_library();      // In order of their names.
std::span<const LibraryFile> component_library();  // Parts of services, for `use`.

// Null when there is none.
const LibraryFile* find_file(std::span<const LibraryFile> library, std::string_view name);

}  // namespace promenade::sim
