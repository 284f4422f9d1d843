// engine/base/transport.cc
// Header fields: a short list is searched linearly, which beats a map at the usual dozen.
#include "base/transport.h"

#include "base/strings.h"

namespace promenade {

void HttpHeaders::set(std::string name, std::string value) {
  for (auto& [existing_name, existing_value] : fields_) {
    if (equal_ignoring_case(existing_name, name)) {
      existing_value = std::move(value);
      return;
    }
  }
  add(std::move(name), std::move(value));
}

void HttpHeaders::add(std::string name, std::string value) {
  fields_.emplace_back(std::move(name), std::move(value));
}

std::string_view HttpHeaders::get(std::string_view name) const {
  for (const auto& [existing_name, existing_value] : fields_) {
    if (equal_ignoring_case(existing_name, name)) return existing_value;
  }
  return {};
}

HttpResponse text_response(int status, std::string body) {
  HttpResponse response{.status = status, .body = std::move(body)};
  response.headers.set("Content-Type", "text/plain; charset=utf-8");
  response.headers.set("X-Content-Type-Options", "nosniff");
  return response;
}

}  // namespace promenade
