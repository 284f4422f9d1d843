// A path goes through three gates: its segments are checked as text, it is resolved with all links
// followed, and the result must lie below the root.
#include "native/static_site.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/strings.h"
#include "native/http_fields.h"
#include "native/posix_file_system.h"

namespace promenade::native {
namespace {

namespace fs = std::filesystem;

// Astro puts a hash of the content into the names below this folder, so they never change.
constexpr std::string_view kHashedPrefix = "/_astro/";

struct TypeOfExtension {
  std::string_view extension;
  std::string_view type;
};
constexpr std::array kTypes = {
    TypeOfExtension{".css", "text/css; charset=utf-8"},
    TypeOfExtension{".gif", "image/gif"},
    TypeOfExtension{".html", "text/html; charset=utf-8"},
    TypeOfExtension{".ico", "image/x-icon"},
    TypeOfExtension{".jpg", "image/jpeg"},
    TypeOfExtension{".js", "text/javascript; charset=utf-8"},
    TypeOfExtension{".json", "application/json"},
    TypeOfExtension{".map", "application/json"},
    TypeOfExtension{".mjs", "text/javascript; charset=utf-8"},
    TypeOfExtension{".pdf", "application/pdf"},
    TypeOfExtension{".png", "image/png"},
    TypeOfExtension{".svg", "image/svg+xml"},
    TypeOfExtension{".txt", "text/plain; charset=utf-8"},
    TypeOfExtension{".wasm", "application/wasm"},
    TypeOfExtension{".webmanifest", "application/manifest+json"},
    TypeOfExtension{".webp", "image/webp"},
    TypeOfExtension{".woff", "font/woff"},
    TypeOfExtension{".woff2", "font/woff2"},
    TypeOfExtension{".xml", "application/xml"},
    TypeOfExtension{".yaml", "application/yaml"},
    TypeOfExtension{".yml", "application/yaml"},
};

struct Encoding {
  std::string_view suffix;
  std::string_view coding;
};
constexpr std::array kEncodings = {Encoding{".br", "br"}, Encoding{".gz", "gzip"}};

struct FileFacts {
  bool is_directory = false;
  int64_t modified_seconds = 0;
  std::string entity_tag;
};

std::optional<FileFacts> facts_of(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) return std::nullopt;
  FileFacts facts;
  facts.is_directory = S_ISDIR(status.st_mode);
  facts.modified_seconds = status.st_mtim.tv_sec;
  facts.entity_tag = fmt::format("\"{:x}-{:x}{:x}\"", status.st_size, status.st_mtim.tv_sec,
                                 status.st_mtim.tv_nsec);
  return facts;
}

bool is_acceptable_segment(std::string_view segment) {
  const bool is_hidden = !segment.empty() && segment.front() == '.';  // ".." among them.
  return !is_hidden && segment.find_first_of(std::string_view("\0\\/", 3)) == segment.npos;
}

// The segments joined again, without empty ones; nothing when one of them is not acceptable.
std::optional<std::string> clean_path(std::string_view url_path) {
  std::string path;
  for (const std::string_view encoded : split(url_path, '/')) {
    const std::string segment = url_decode(encoded, false);
    if (!is_acceptable_segment(segment)) return std::nullopt;
    if (!segment.empty()) path += '/' + segment;
  }
  return path;
}

// Starts with exactly one slash, so that it can't be read as a host.
std::string encoded_path(std::string_view path) {
  std::string encoded;
  for (const std::string_view segment : split(path, '/')) {
    if (!segment.empty()) encoded += '/' + url_encode(segment);
  }
  return encoded;
}

bool is_below(const fs::path& path, const fs::path& root) {
  return std::mismatch(root.begin(), root.end(), path.begin(), path.end()).first == root.end();
}

struct ServedFile {
  fs::path path;  // With all links followed.
  FileFacts facts;
};

// The file or folder at `path`, if it is there and below the root.
std::optional<ServedFile> resolve(const fs::path& path, const fs::path& root) {
  std::error_code error;
  fs::path canonical = fs::canonical(path, error);
  if (error || !is_below(canonical, root)) return std::nullopt;
  auto facts = facts_of(canonical);
  if (!facts) return std::nullopt;
  return ServedFile{std::move(canonical), std::move(*facts)};
}

HttpResponse redirect(std::string location) {
  HttpResponse response{.status = 301};
  response.headers.set("Location", std::move(location));
  return response;
}

struct Variant {
  fs::path path;
  std::string_view coding;  // "" for the file itself.
};

// A sibling that is older than the file was left over by an earlier build and is not used. It goes
// through the same gate as the file: it may be a link to somewhere else.
Variant best_variant(const ServedFile& file, const fs::path& root, std::string_view accepted) {
  for (const Encoding& encoding : kEncodings) {
    if (!accepts_encoding(accepted, encoding.coding)) continue;
    fs::path sibling = file.path;
    sibling += encoding.suffix;
    const auto resolved = resolve(sibling, root);
    if (resolved && !resolved->facts.is_directory &&
        resolved->facts.modified_seconds >= file.facts.modified_seconds) {
      return {resolved->path, encoding.coding};
    }
  }
  return {file.path, ""};
}

HttpResponse send_file(const HttpRequest& request, const ServedFile& file, const fs::path& root,
                       std::string_view url_path) {
  const FileFacts& facts = file.facts;
  const bool is_hashed = url_path.substr(0, kHashedPrefix.size()) == kHashedPrefix;
  HttpResponse response;
  HttpHeaders& headers = response.headers;
  headers.set("ETag", "W/" + facts.entity_tag);  // Weak: it stands for all encodings of the file.
  headers.set("Last-Modified", http_date(facts.modified_seconds));
  headers.set("Vary", "Accept-Encoding");
  headers.set("Cache-Control", is_hashed ? "public, max-age=31536000, immutable" : "no-cache");
  if (names_entity_tag(request.headers.get("If-None-Match"), facts.entity_tag)) {
    response.status = 304;
    return response;
  }
  const Variant variant = best_variant(file, root, request.headers.get("Accept-Encoding"));
  auto content = PosixFileSystem().read(variant.path.string());
  if (!content) return text_response(500, content.error().message + "\n");
  response.body = std::move(*content);
  headers.set("Content-Type", std::string(content_type(file.path)));
  headers.set("X-Content-Type-Options", "nosniff");
  if (!variant.coding.empty()) headers.set("Content-Encoding", std::string(variant.coding));
  return response;
}

HttpResponse not_found(const HttpRequest& request, const fs::path& root) {
  const auto page = resolve(root / "404.html", root);
  if (!page || page->facts.is_directory) return text_response(404, "404 page not found\n");
  HttpRequest unconditional = request;
  unconditional.headers.set("If-None-Match", "");
  HttpResponse response = send_file(unconditional, *page, root, "/404.html");
  response.status = 404;
  return response;
}

}  // namespace

std::string_view content_type(const fs::path& file) {
  const std::string extension = to_lower(file.extension().string());
  for (const TypeOfExtension& entry : kTypes) {
    if (entry.extension == extension) return entry.type;
  }
  return "application/octet-stream";
}

Result<StaticSite> StaticSite::create(const std::string& directory) {
  std::error_code error;
  fs::path root = fs::canonical(directory, error);
  if (error || !fs::is_directory(root, error)) {
    return fail(ErrorCode::NotFound,
                fmt::format("--web.site={}: there is no such folder; build the site first or leave "
                            "the flag out",
                            directory));
  }
  if (!fs::exists(root / "index.html", error)) {
    return fail(ErrorCode::NotFound,
                fmt::format("--web.site={}: the folder has no index.html; point to the folder that "
                            "the site was built into",
                            directory));
  }
  return StaticSite(std::move(root));
}

HttpResponse StaticSite::handle(const HttpRequest& request) const {
  if (request.method != "GET" && request.method != "HEAD") {
    HttpResponse response = text_response(405, "Method Not Allowed\n");
    response.headers.set("Allow", "GET, HEAD");
    return response;
  }
  const UrlParts url = split_url(request.url);
  const auto path = clean_path(url.path);
  if (!path) return not_found(request, root_);

  auto file = resolve(root_.string() + *path, root_);
  if (file && file->facts.is_directory) {
    const bool ends_in_slash = !url.path.empty() && url.path.back() == '/';
    if (!ends_in_slash) {
      std::string location = encoded_path(*path);
      location += '/';
      if (!url.query.empty()) location.append("?").append(url.query);
      return redirect(std::move(location));
    }
    file = resolve(file->path / "index.html", root_);
  }
  if (!file || file->facts.is_directory) return not_found(request, root_);
  return send_file(request, *file, root_, *path);
}

}  // namespace promenade::native
