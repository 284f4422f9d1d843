// Go's texts are the C library's with a small first letter.
#include "native/error_text.h"

#include <cctype>
#include <system_error>

namespace promenade::native {

std::string error_text(int error_number) {
  std::string text = std::generic_category().message(error_number);
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

}  // namespace promenade::native
