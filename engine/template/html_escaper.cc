// engine/template/html_escaper.cc
// A small HTML tokenizer: enough to know in which element, attribute and quotes a value lands.
// What may not stand there becomes "ZgotmplZ", as in Go: https://pkg.go.dev/html/template.
#include "template/html_escaper.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "base/ascii.h"
#include "base/strings.h"
#include "template/builtins.h"
#include "template/go_format.h"

namespace promenade::templates {
namespace {

constexpr std::string_view kUnsafe = "ZgotmplZ";
constexpr std::array<std::string_view, 12> kLinkAttributes = {
    "action", "background", "cite",   "data", "formaction", "href",
    "icon",   "longdesc",   "poster", "src",  "usemap",     "xmlns"};

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

bool is_letter_or_digit(char c) {
  return is_letter(c) || is_digit(c);
}

// As text, and within quotes. '+' too, for old browsers that guess UTF-7.
std::string escape_markup(std::string_view text) {
  std::string out;
  for (const char c : escape_html(text)) {
    if (c == '+') {
      out += "&#43;";
    } else {
      out += c;
    }
  }
  return out;
}

// In an attribute without quotes.
std::string escape_unquoted(std::string_view text) {
  std::string out;
  for (const char c : escape_markup(text)) {
    if (is_space(c) || c == '=' || c == '`') {
      out += fmt::format("&#{};", static_cast<int>(c));
    } else {
      out += c;
    }
  }
  return out;
}

// Makes a link of any text: what a URL may hold stays, everything else is percent-encoded.
std::string normalize_link(std::string_view text, std::string_view stays) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool is_encoded = c == '%' && stays.size() > 4 && i + 2 < text.size() &&
                            std::isxdigit(static_cast<unsigned char>(text[i + 1])) != 0 &&
                            std::isxdigit(static_cast<unsigned char>(text[i + 2])) != 0;
    if (is_letter_or_digit(c) || is_encoded || stays.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += fmt::format("%{:02x}", static_cast<uint8_t>(c));
    }
  }
  return out;
}

// "javascript:" and its like can't come in by a value.
bool has_safe_scheme(std::string_view link) {
  const size_t colon = link.find(':');
  if (colon == std::string_view::npos ||
      link.substr(0, colon).find('/') != std::string_view::npos) {
    return true;
  }
  const std::string_view scheme = link.substr(0, colon);
  return equal_ignoring_case(scheme, "http") || equal_ignoring_case(scheme, "https") ||
         equal_ignoring_case(scheme, "mailto");
}

bool is_safe_style(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](char c) {
    return is_letter_or_digit(c) || std::string_view(" #.%,-_!+").find(c) != std::string_view::npos;
  });
}

}  // namespace

std::string HtmlEscaper::text(std::string_view html) {
  std::string out;
  for (size_t i = 0; i < html.size(); ++i) {
    const char c = html[i];
    if (place_ == Place::Comment) {
      if (html.substr(i, 3) == "-->") {
        place_ = Place::Text;
        i += 2;
      }
      continue;
    }
    if (place_ == Place::Text && element_ == Content::Plain && html.substr(i, 4) == "<!--") {
      place_ = Place::Comment;
      i += 3;
      continue;
    }
    out += c;
    switch (place_) {
      case Place::Text: {
        const char after = i + 1 < html.size() ? html[i + 1] : ' ';
        const bool opens = is_letter_or_digit(after) && element_ == Content::Plain;
        if (c == '<' && (opens || after == '/')) {
          place_ = Place::TagName;
          name_.clear();
        }
        break;
      }
      case Place::TagName:
      case Place::Tag:
        tag_character(c);
        break;
      case Place::AttributeName:
      case Place::BeforeValue:
        attribute_character(c);
        break;
      case Place::Value:
        value_character(c);
        break;
      case Place::Comment:
        break;
    }
  }
  return out;
}

void HtmlEscaper::tag_character(char c) {
  if (c == '>') {
    if (place_ == Place::TagName) end_tag();
    place_ = Place::Text;
  } else if (place_ == Place::TagName && !is_space(c)) {
    name_ += c;
  } else if (place_ == Place::TagName) {
    end_tag();
    place_ = Place::Tag;
  } else if (!is_space(c) && c != '/') {
    place_ = Place::AttributeName;
    name_.assign(1, c);
  }
}

// The tag's name is known: what will its content be?
void HtmlEscaper::end_tag() {
  element_ = equal_ignoring_case(name_, "script")  ? Content::Script
             : equal_ignoring_case(name_, "style") ? Content::Style
                                                   : Content::Plain;
}

void HtmlEscaper::attribute_character(char c) {
  if (place_ == Place::AttributeName) {
    if (c == '=') {
      const std::string name = to_lower(name_);
      const bool is_link =
          std::find(kLinkAttributes.begin(), kLinkAttributes.end(), name) != kLinkAttributes.end();
      attribute_ = is_link                         ? Content::Url
                   : name == "style"               ? Content::Style
                   : name.compare(0, 2, "on") == 0 ? Content::Script
                                                   : Content::Plain;
      place_ = Place::BeforeValue;
    } else if (c == '>' || is_space(c)) {
      place_ = c == '>' ? Place::Text : Place::Tag;
    } else {
      name_ += c;
    }
    return;
  }
  if (is_space(c)) return;
  place_ = c == '>' ? Place::Text : Place::Value;
  quote_ = c == '"' || c == '\'' ? c : '\0';
  value_.clear();
  if (quote_ == 0) value_ += c;
}

void HtmlEscaper::value_character(char c) {
  const bool ends = quote_ != 0 ? c == quote_ : is_space(c) || c == '>';
  if (!ends) {
    value_ += c;
    return;
  }
  place_ = c == '>' && quote_ == 0 ? Place::Text : Place::Tag;
}

std::string HtmlEscaper::escape(std::string_view value, bool is_html) {
  if (place_ == Place::BeforeValue) {
    place_ = Place::Value;
    quote_ = 0;
    value_.clear();
  }
  if (place_ == Place::Comment) return {};
  const Content content = place_ == Place::Value ? attribute_ : element_;
  std::string escaped(value);
  switch (content) {
    case Content::Plain:
      break;
    case Content::Url:
      escaped = escape_link(value);
      break;
    case Content::Style:
      if (!is_safe_style(value)) escaped = kUnsafe;
      break;
    case Content::Script:
      escaped = *go_json(templates::Value::text(std::string(value)));
      break;
  }
  if (place_ == Place::Text) {
    return is_html || content != Content::Plain ? escaped : escape_markup(escaped);
  }
  if (place_ != Place::Value) return is_safe_style(value) ? escaped : std::string(kUnsafe);
  value_ += escaped;
  return quote_ != 0 ? escape_markup(escaped) : escape_unquoted(escaped);
}

// At its beginning a value may be a whole link; after a '?' or '#' it is a part of a query.
std::string HtmlEscaper::escape_link(std::string_view value) const {
  constexpr std::string_view kQueryStays = "-._~";
  constexpr std::string_view kLinkStays = "-._~!#$&*+,/:;=?@[]";
  if (value_.find_first_of("?#") != std::string::npos) return normalize_link(value, kQueryStays);
  if (value_.empty() && !has_safe_scheme(value)) return "#" + std::string(kUnsafe);
  return normalize_link(value, kLinkStays);
}

}  // namespace promenade::templates
