// A stack of open elements; each tag opens or closes one.
#include "discovery/xml.h"

#include <algorithm>
#include <array>

#include "base/strings.h"

namespace promenade::discovery {
namespace {

const XmlElement kNoElement;

struct Entity {
  std::string_view name;
  char32_t value;
};
constexpr std::array kEntities = {Entity{"amp", '&'}, Entity{"lt", '<'}, Entity{"gt", '>'},
                                  Entity{"quot", '"'}, Entity{"apos", '\''}};

// Of "#38", "#x26" or "amp"; 0 when it is none of them.
char32_t entity_value(std::string_view name) {
  if (name.empty() || name[0] != '#') {
    const auto known = std::find_if(kEntities.begin(), kEntities.end(),
                                    [&](const Entity& entity) { return entity.name == name; });
    return known == kEntities.end() ? 0 : known->value;
  }
  const bool is_hex = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
  char32_t value = 0;
  for (const char c : name.substr(is_hex ? 2 : 1)) {
    const int digit = c >= '0' && c <= '9'             ? c - '0'
                      : is_hex && c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : is_hex && c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                       : -1;
    if (digit < 0 || value > 0x10ffff) return 0;
    value = value * (is_hex ? 16 : 10) + static_cast<char32_t>(digit);
  }
  return value <= 0x10ffff ? value : 0;
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size(); ++at) {
    const size_t end = text[at] == '&' ? text.find(';', at) : std::string_view::npos;
    const char32_t value =
        end == std::string_view::npos ? 0 : entity_value(text.substr(at + 1, end - at - 1));
    if (value == 0) {
      out += text[at];
      continue;
    }
    append_utf8(out, value);
    at = end;
  }
  return out;
}

class XmlParser {
 public:
  explicit XmlParser(std::string_view text) : rest_(text) {}

  Result<XmlElement> parse() {
    XmlElement document;
    open_.push_back(&document);
    while (!rest_.empty()) TRY(step());
    if (open_.size() != 1) return bad_data("the XML ends within <" + open_.back()->name + ">");
    if (document.children.size() != 1) return bad_data("the answer is not an XML document");
    return std::move(document.children[0]);
  }

 private:
  // Takes the text before the next tag, and the tag.
  Result<void> step() {
    const size_t tag = rest_.find('<');
    open_.back()->text += unescaped(trim(rest_.substr(0, tag)));
    if (tag == std::string_view::npos) {
      rest_ = {};
      return {};
    }
    rest_.remove_prefix(tag);
    if (rest_.rfind("<!--", 0) == 0) return skip("-->");
    if (rest_.rfind("<?", 0) == 0) return skip("?>");
    if (rest_.rfind("<!", 0) == 0) return bad_data("the XML has a document type");
    return take_tag();
  }

  Result<void> skip(std::string_view end) {
    const size_t at = rest_.find(end);
    if (at == std::string_view::npos) return bad_data("the XML ends within a comment");
    rest_.remove_prefix(at + end.size());
    return {};
  }

  Result<void> take_tag() {
    const size_t end = rest_.find('>');
    if (end == std::string_view::npos) return bad_data("the XML ends within a tag");
    std::string_view tag = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    const bool is_end = !tag.empty() && tag.front() == '/';
    const bool is_empty = !is_end && !tag.empty() && tag.back() == '/';
    if (is_end) tag.remove_prefix(1);
    if (is_empty) tag.remove_suffix(1);
    const std::string_view name = tag.substr(0, tag.find_first_of(" \t\r\n"));
    if (is_end) {
      if (open_.size() == 1 || open_.back()->name != name) {
        return bad_data("the XML closes <" + std::string(name) + "> where it is not open");
      }
      open_.pop_back();
      return {};
    }
    if (open_.size() > kXmlDepthMax) return bad_data("the XML is nested too deeply");
    XmlElement& parent = *open_.back();
    parent.children.push_back({std::string(name), "", {}});
    if (!is_empty) open_.push_back(&parent.children.back());
    return {};
  }

  std::string_view rest_;
  // Each is the last child of the one before, so none of them moves while it is open.
  std::vector<XmlElement*> open_;
};

}  // namespace

const XmlElement& XmlElement::at(std::string_view path) const {
  const XmlElement* found = this;
  while (!path.empty()) {
    const size_t dot = path.find('.');
    const std::string_view wanted = path.substr(0, dot);
    path.remove_prefix(dot == std::string_view::npos ? path.size() : dot + 1);
    const auto child =
        std::find_if(found->children.begin(), found->children.end(),
                     [&](const XmlElement& element) { return element.name == wanted; });
    if (child == found->children.end()) return kNoElement;
    found = &*child;
  }
  return *found;
}

Result<XmlElement> parse_xml(std::string_view text) {
  return XmlParser(text).parse();
}

}  // namespace promenade::discovery
