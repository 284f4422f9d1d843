#pragma once  // engine/discovery/xml.h
// As much XML as AWS answers with: elements and their text. Attributes, comments and declarations
// are passed over; document types are refused. Internal to engine/discovery.
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace promenade::discovery {

// The most elements within each other.
inline constexpr size_t kXmlDepthMax = 50;

struct XmlElement {
  std::string name;
  std::string text;  // Directly in it, without blanks around it.
  std::vector<XmlElement> children;

  // The first child of this name, or an empty element. `path` may go down: "tagSet.item".
  const XmlElement& at(std::string_view path) const;
  std::string text_at(std::string_view path) const { return at(path).text; }
};

// The root element. Fails with BadData when the text is not well-formed.
Result<XmlElement> parse_xml(std::string_view text);

}  // namespace promenade::discovery
