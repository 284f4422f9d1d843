// Rules, alerts and where they are sent
// (https://prometheus.io/docs/prometheus/latest/querying/api/#rules). This server evaluates no
// rules and notifies nobody, so the lists are empty, which is the truth and the shape clients
// expect.
#include <fmt/format.h>

#include "api/handlers.h"
#include "base/strings.h"

namespace promenade::api {
namespace {

void write_empty_lists(JsonWriter& data, std::initializer_list<std::string_view> keys) {
  data.begin_object();
  for (const std::string_view key : keys) {
    data.key(key);
    data.begin_array();
    data.end_array();
  }
  data.end_object();
}

}  // namespace

Result<Reply> rules(const Call& call, JsonWriter& data) {
  const std::string type = to_lower(call.parameters.get("type"));
  if (!type.empty() && type != "alert" && type != "record") {
    return tl::unexpected(invalid_parameter(
        "type", Error{ErrorCode::BadData, fmt::format("not supported value {}", quote(type)), {}}));
  }
  write_empty_lists(data, {"groups"});
  return Reply{};
}

Result<Reply> alerts(const Call&, JsonWriter& data) {
  write_empty_lists(data, {"alerts"});
  return Reply{};
}

Result<Reply> alertmanagers(const Call&, JsonWriter& data) {
  write_empty_lists(data, {"activeAlertmanagers", "droppedAlertmanagers"});
  return Reply{};
}

}  // namespace promenade::api
