// tests/conformance/files.cc
// Emscripten gives a program neither Node's environment nor a reliable readdir() on Node's own file
// system, so under Node both are asked for in JavaScript.
#include "files.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/strings.h"

#ifdef __EMSCRIPTEN__
#include <emscripten.h>
#else
#include <filesystem>
#endif

namespace promenade::conformance {
namespace {

bool is_test_file(const std::string& path) {
  constexpr std::string_view kSuffix = ".test";
  return path.size() > kSuffix.size() &&
         path.compare(path.size() - kSuffix.size(), kSuffix.size(), kSuffix) == 0;
}

#ifdef __EMSCRIPTEN__

// clang-format off
EM_JS(int, node_environment, (const char* name, char* out, int capacity), {
  return stringToUTF8(process.env[UTF8ToString(name)] || "", out, capacity);
});
EM_JS(int, node_folder, (const char* path, char* out, int capacity), {
  try {
    return stringToUTF8(require("fs").readdirSync(UTF8ToString(path)).join("\n"), out, capacity);
  } catch (error) {
    return 0;
  }
});
// clang-format on

constexpr int kCapacity = 1 << 16;

std::vector<std::string> list_folder(const std::string& path) {
  std::string names(kCapacity, '\0');
  names.resize(static_cast<size_t>(node_folder(path.c_str(), names.data(), kCapacity)));
  std::vector<std::string> paths;
  for (const std::string_view name : split(names, '\n')) {
    paths.push_back(path + "/" + std::string(name));
  }
  return paths;
}

#else

std::vector<std::string> list_folder(const std::string& path) {
  std::vector<std::string> paths;
  std::error_code failure;
  for (const auto& entry : std::filesystem::directory_iterator(path, failure)) {
    paths.push_back(entry.path().string());
  }
  return paths;
}

#endif

}  // namespace

std::string environment_variable(const char* name) {
#ifdef __EMSCRIPTEN__
  std::string value(kCapacity, '\0');
  value.resize(static_cast<size_t>(node_environment(name, value.data(), kCapacity)));
  return value;
#else
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
#endif
}

std::optional<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> find_test_files(const std::string& path) {
  if (is_test_file(path)) return {path};
  std::vector<std::string> files;
  for (std::string& entry : list_folder(path)) {
    if (is_test_file(entry)) files.push_back(std::move(entry));
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string base_name(const std::string& path) {
  return path.substr(path.find_last_of('/') + 1);
}

Floors parse_floors(const std::string& text) {
  Floors floors;
  for (const std::string_view line : split(text, '\n')) {
    std::istringstream words{std::string(line.substr(0, line.find('#')))};
    std::string name;
    size_t count = 0;
    if (words >> name >> count) floors[name] = count;
  }
  return floors;
}

}  // namespace promenade::conformance
