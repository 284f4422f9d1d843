// Nothing here fails on a shape: what is missing reads as empty.
#include "discovery/json_access.h"

namespace promenade::discovery {
namespace {

const Json kNull;
const Json kNoItems = Json::array();

}  // namespace

Result<Json> parse_json(std::string_view text) {
  Json value = Json::parse(text.begin(), text.end(), nullptr, false);
  if (value.is_discarded()) return bad_data("the answer is not JSON");
  return value;
}

const Json& at(const Json& value, std::string_view path) {
  const Json* found = &value;
  while (!path.empty()) {
    const size_t dot = path.find('.');
    const std::string name(path.substr(0, dot));
    path.remove_prefix(dot == std::string_view::npos ? path.size() : dot + 1);
    if (!found->is_object()) return kNull;
    const auto member = found->find(name);
    if (member == found->end()) return kNull;
    found = &*member;
  }
  return *found;
}

std::string text_of(const Json& value) {
  if (value.is_string()) return value.get_ref<const std::string&>();
  if (value.is_number() || value.is_boolean()) return value.dump();
  return "";
}

const Json& items_at(const Json& value, std::string_view path) {
  const Json& found = at(value, path);
  return found.is_array() ? found : kNoItems;
}

}  // namespace promenade::discovery
