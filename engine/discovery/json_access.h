#pragma once  // engine/discovery/json_access.h
// Reading JSON that a server has sent, of whose shape nothing is certain: what is not there, or is
// of another type, reads as empty. Internal to engine/discovery.
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

namespace promenade::discovery {

using Json = nlohmann::json;

Result<Json> parse_json(std::string_view text);

// The member, or null. `path` may go down: "status.podIP".
const Json& at(const Json& value, std::string_view path);
// A text as it stands, a number or a truth value in its digits or letters; else "".
std::string text_of(const Json& value);
inline std::string text_at(const Json& value, std::string_view path) {
  return text_of(at(value, path));
}
// The items of an array; none of anything else.
const Json& items_at(const Json& value, std::string_view path);

}  // namespace promenade::discovery
