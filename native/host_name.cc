// A name of more than 255 bytes is cut off.
#include "native/host_name.h"

#include <unistd.h>

#include <array>

namespace promenade::native {

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "localhost";
}

}  // namespace promenade::native
