#pragma once  // native/curl_exchange.h
// One request on its way through libcurl: sets up the handle, collects the response, and words the
// error when there is none. Lives on the transport's thread.
#include <curl/curl.h>

#include <cstdint>
#include <memory>
#include <string>

#include "base/transport.h"

namespace promenade::native {

class CurlExchange {
 public:
  CurlExchange(HttpRequest request, SendOptions options);
  CurlExchange(const CurlExchange&) = delete;  // The handle points back here.
  CurlExchange& operator=(const CurlExchange&) = delete;

  CURL* handle() const { return handle_.get(); }
  // What came of it, once curl is done with the handle.
  Result<HttpResponse> finish(CURLcode code);

 private:
  static size_t on_body(char* data, size_t, size_t count, void* self);
  static size_t on_header(char* data, size_t, size_t count, void* self);
  void add_header_line(std::string_view line);
  void set_up();
  void set_method();
  Error error(CURLcode code) const;

  struct HandleDeleter {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  };
  struct ListDeleter {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  HttpRequest request_;
  SendOptions options_;
  HttpResponse response_;
  bool is_body_too_long_ = false;
  std::unique_ptr<CURL, HandleDeleter> handle_;
  std::unique_ptr<curl_slist, ListDeleter> header_list_;
};

}  // namespace promenade::native
