#pragma once  // native/web.h
// Which part of the program answers a path: the engine's server, the folder of the site, or one of
// the few answers that belong to the process itself.
#include <functional>
#include <optional>
#include <string>

#include "base/transport.h"
#include "native/static_site.h"

namespace promenade::native {

struct WebOptions {
  std::string route_prefix = "/";  // Starts with '/'.
  bool enable_lifecycle = false;
};

class Web {
 public:
  // `engine` answers what Prometheus answers; `quit` asks the process to end.
  Web(WebOptions options, AsyncHttpHandler engine, std::optional<StaticSite> site,
      std::function<void()> quit);

  void answer(const HttpRequest& request, HttpReplyTo reply_to);

 private:
  void route(const HttpRequest& request, HttpReplyTo reply_to);
  HttpResponse handle_quit(const HttpRequest& request);
  HttpResponse handle_page(const HttpRequest& request, std::string_view path);

  WebOptions options_;
  AsyncHttpHandler engine_;
  std::optional<StaticSite> site_;
  std::function<void()> quit_;
  bool is_quitting_ = false;
};

}  // namespace promenade::native
