# cmake -DFOLDER=course/worlds -DOUTPUT=world_texts.cc -P world_library.cmake: the texts of the world files as
# the arrays that engine/sim/world_file/library.h promises. Whole-line comments stay behind, for the
# page's sake.
function(entries_of folder out)
  file(GLOB files ${folder}/*.yaml)
  list(SORT files)
  set(entries "")
  foreach(file ${files})
    get_filename_component(name ${file} NAME_WE)
    file(READ ${file} text)
    # Line by line, but with as many lines as before: errors name them.
    string(REGEX REPLACE "\n *#[^\n]*" "\n" text "\n${text}")
    string(REGEX REPLACE "^\n" "" text "${text}")
    string(APPEND entries "    {\"${name}\", R\"yaml(${text})yaml\"},\n")
  endforeach()
  set(${out} "${entries}" PARENT_SCOPE)
endfunction()

entries_of(${FOLDER} worlds)
entries_of(${FOLDER}/components components)
file(WRITE ${OUTPUT} "// Written by cmake/world_library.cmake.
#include \"sim/world_file/library.h\"

namespace promenade::sim {
namespace {

constexpr LibraryFile kWorlds[] = {
${worlds}};
constexpr LibraryFile kComponents[] = {
${components}};

}  // namespace

std::span<const LibraryFile> world_library() {
  return kWorlds;
}
std::span<const LibraryFile> component_library() {
  return kComponents;
}

}  // namespace promenade::sim
")
