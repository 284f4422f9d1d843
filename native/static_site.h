#pragma once  // native/static_site.h
// Serves the files of one folder, the built course: --web.site=DIR.
#include <filesystem>
#include <string>

#include "base/result.h"
#include "base/transport.h"

namespace promenade::native {

class StaticSite {
 public:
  // Fails with NotFound when there is no such folder or it has no index.html.
  static Result<StaticSite> create(const std::string& directory);

  // A file of the folder, and never one outside of it, whatever the path says or links to. Folders
  // answer with their index.html, what does not exist with the folder's 404.html. A sibling FILE.br
  // or FILE.gz is sent instead of FILE to clients that accept it.
  HttpResponse handle(const HttpRequest& request) const;

 private:
  explicit StaticSite(std::filesystem::path root) : root_(std::move(root)) {}

  std::filesystem::path root_;  // Canonical.
};

// From the file's extension: "text/html; charset=utf-8", "application/wasm", ...
std::string_view content_type(const std::filesystem::path& file);

}  // namespace promenade::native
