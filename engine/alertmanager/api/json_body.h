#pragma once  // engine/alertmanager/api/json_body.h
// The bodies of POST requests, checked against the API's schema. The first fault is answered with
// the status, the code and the words of Alertmanager's validation.
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "alertmanager/alert.h"
#include "alertmanager/silences.h"

namespace promenade::alertmanager {

struct PushedAlert {
  TextMap labels;
  TextMap annotations;
  std::string generator_url;
  std::optional<Timestamp> starts_at;
  std::optional<Timestamp> ends_at;
};

struct PostedMatcher {
  std::string name;
  std::string value;
  bool is_regex = false;
  bool is_equal = true;
};

struct PostedSilence {
  std::string id;
  std::vector<PostedMatcher> matchers;
  std::string created_by;
  std::string comment;
  Timestamp starts_at;
  Timestamp ends_at;
};

struct SchemaFault {
  int status = 422;
  int code = 602;
  std::string message;
};

tl::expected<std::vector<PushedAlert>, SchemaFault> parse_alerts_body(const std::string& body);
tl::expected<PostedSilence, SchemaFault> parse_silence_body(const std::string& body);

}  // namespace promenade::alertmanager
