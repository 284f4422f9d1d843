#pragma once  // engine/template/html_escaper.h
// What html/template adds to text/template: a value is escaped for the place where it comes to
// stand - text, an attribute, a link, a style, a script. Go finds the places before it executes;
// here they are followed while the page is written, so a template whose branches end in different
// places is not refused. Internal to engine/template.
#include <cstdint>
#include <string>
#include <string_view>

namespace promenade::templates {

class HtmlEscaper {
 public:
  // The template's own text, without HTML comments; moves on to the place after it.
  std::string text(std::string_view html);
  // A value at the present place. `is_html` says that it is markup already.
  std::string escape(std::string_view value, bool is_html);

 private:
  enum class Place : uint8_t { Text, Comment, TagName, Tag, AttributeName, BeforeValue, Value };
  enum class Content : uint8_t { Plain, Url, Style, Script };  // Of an attribute or element.

  void tag_character(char c);
  void attribute_character(char c);
  void value_character(char c);
  void end_tag();
  std::string escape_link(std::string_view value) const;

  Place place_ = Place::Text;
  Content element_ = Content::Plain;
  Content attribute_ = Content::Plain;
  char quote_ = 0;     // Of the attribute's value; 0 when it has none.
  std::string name_;   // Of the tag or attribute that is being read.
  std::string value_;  // What of the attribute's value has been written.
};

}  // namespace promenade::templates
