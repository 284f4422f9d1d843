// The engine's paths come first, so a site can never hide the API.
#include "native/web.h"

#include <algorithm>
#include <array>

#include "base/strings.h"

namespace promenade::native {
namespace {

constexpr std::array<std::string_view, 2> kEngineFolders = {"/api/", "/-/"};
constexpr std::array<std::string_view, 3> kEnginePaths = {"/metrics", "/version", "/federate"};
constexpr std::string_view kLandingPath = "query";
constexpr std::string_view kGraphPath = "/graph";

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

bool is_for_engine(std::string_view path) {
  return std::any_of(kEngineFolders.begin(), kEngineFolders.end(),
                     [&](std::string_view folder) { return starts_with(path, folder); }) ||
         std::find(kEnginePaths.begin(), kEnginePaths.end(), path) != kEnginePaths.end();
}

HttpResponse redirect(std::string location) {
  HttpResponse response{.status = 302};
  response.headers.set("Location", std::move(location));
  return response;
}

// "/", "/prometheus/": with a slash at both ends.
std::string with_slashes(std::string prefix) {
  if (prefix.empty() || prefix.front() != '/') prefix.insert(prefix.begin(), '/');
  if (prefix.back() != '/') prefix += '/';
  return prefix;
}

}  // namespace

Web::Web(WebOptions options, AsyncHttpHandler engine, std::optional<StaticSite> site,
         std::function<void()> quit)
    : options_(std::move(options)),
      engine_(std::move(engine)),
      site_(std::move(site)),
      quit_(std::move(quit)) {
  options_.route_prefix = with_slashes(options_.route_prefix);
}

void Web::answer(const HttpRequest& request, HttpReplyTo reply_to) {
  const std::string& prefix = options_.route_prefix;
  if (starts_with(request.url, prefix)) {
    if (prefix.size() == 1) return route(request, std::move(reply_to));
    HttpRequest inner = request;
    inner.url.erase(0, prefix.size() - 1);
    return route(inner, std::move(reply_to));
  }
  const std::string_view path = split_url(request.url).path;
  const bool is_on_the_way = path == "/" || std::string(path) + '/' == prefix;
  reply_to.respond(is_on_the_way ? redirect(prefix) : text_response(404, "404 page not found\n"));
}

void Web::route(const HttpRequest& request, HttpReplyTo reply_to) {
  const std::string_view path = split_url(request.url).path;
  if (is_for_engine(path) && path != "/-/quit") return engine_(request, std::move(reply_to));
  reply_to.respond(path == "/-/quit" ? handle_quit(request) : handle_page(request, path));
}

HttpResponse Web::handle_quit(const HttpRequest& request) {
  if (request.method != "POST" && request.method != "PUT") {
    return text_response(405, "Only POST or PUT requests allowed\n");
  }
  if (!options_.enable_lifecycle) return text_response(403, "Lifecycle API is not enabled.");
  if (is_quitting_) return text_response(200, "Termination already in progress.");
  is_quitting_ = true;
  quit_();
  return text_response(200, "Requesting termination... Goodbye!");
}

HttpResponse Web::handle_page(const HttpRequest& request, std::string_view path) {
  if (path == kGraphPath) {  // Where links in alerts lead, as in Prometheus.
    const std::string parameters = request.url.substr(path.size());
    return redirect(options_.route_prefix + std::string(kLandingPath) + parameters);
  }
  if (site_) return site_->handle(request);
  if (path == "/") return redirect(options_.route_prefix + std::string(kLandingPath));
  if (path.substr(1) == kLandingPath) {
    return text_response(404,
                         "This server runs without its pages. Start it with --web.site=DIR, the "
                         "folder that the site was built into.\nThe HTTP API is at " +
                             options_.route_prefix + "api/v1/\n");
  }
  return text_response(404, "404 page not found\n");
}

}  // namespace promenade::native
