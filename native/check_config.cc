// promenade check config, with promtool's words.
#include <fmt/format.h>

#include "config/config.h"
#include "native/check.h"
#include "native/posix_file_system.h"

namespace promenade::native {
namespace {

Result<config::Config> load(const std::string& file) {
  const std::string text = TRY(PosixFileSystem().read(file));
  return config::parse_config(file, text);
}

bool check_one(const std::string& file) {
  fmt::print("Checking {}\n", file);
  const auto config = load(file);
  if (!config) {
    std::fflush(stdout);
    fmt::print(stderr, "  FAILED: {}\n\n", config.error().message);
    return false;
  }
  fmt::print(" SUCCESS: {} is valid prometheus config file syntax\n", file);
  for (const std::string& notice : config->notices) fmt::print("  note: {}\n", notice);
  fmt::print("\n");
  return true;
}

}  // namespace

int check_config(const CheckConfigCommand& command) {
  bool all_valid = true;
  for (const std::string& file : command.files) all_valid = check_one(file) && all_valid;
  return all_valid ? 0 : 1;
}

}  // namespace promenade::native
