#pragma once  // native/host_name.h
#include <string>

namespace promenade::native {

// The machine's own name, or "localhost".
std::string host_name();

}  // namespace promenade::native
