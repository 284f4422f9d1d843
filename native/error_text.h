#pragma once  // native/error_text.h
// The operating system's errors in the words that users of Prometheus know.
#include <string>

namespace promenade::native {

// What an errno means, as Go says it: "connection refused", "no such file or directory".
std::string error_text(int error_number);

}  // namespace promenade::native
