// engine/base/url.cc
// URLs taken apart and percent-encoding, as far as HTTP clients and servers need them (RFC 3986).
#include "base/strings.h"

namespace promenade {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

// Removes and returns what stands before `separator`; all of it when there is none.
std::string_view take_until(std::string_view& rest, std::string_view separators) {
  const std::string_view taken = rest.substr(0, rest.find_first_of(separators));
  rest.remove_prefix(taken.size());
  return taken;
}

}  // namespace

std::string url_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '+' && plus_is_space) {
      out += ' ';
      continue;
    }
    if (text[at] == '%' && at + 2 < text.size()) {
      const int high = hex_digit(text[at + 1]);
      const int low = hex_digit(text[at + 2]);
      if (high >= 0 && low >= 0) {
        out += static_cast<char>(high * 16 + low);
        at += 2;
        continue;
      }
    }
    out += text[at];  // A stray '%' stands for itself.
  }
  return out;
}

std::string url_encode(std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
    } else {
      const auto byte = static_cast<uint8_t>(c);
      out += '%';
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    }
  }
  return out;
}

UrlParts split_url(std::string_view url) {
  UrlParts parts{};
  url = take_until(url, "#");
  const size_t scheme_end = url.find("://");
  if (scheme_end != std::string_view::npos && url.find_first_of("/?") > scheme_end) {
    parts.scheme = url.substr(0, scheme_end);
    url.remove_prefix(scheme_end + 3);
    parts.authority = take_until(url, "/?");
  }
  parts.path = take_until(url, "?");
  if (!url.empty()) parts.query = url.substr(1);
  return parts;
}

}  // namespace promenade
