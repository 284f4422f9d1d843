#pragma once  // engine/notifier/alert_json.h
// One alert as Alertmanager's API takes it
// (https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml, postableAlert).
#include <string>

#include "rules/rule.h"

namespace promenade::notifier {

std::string to_json(const rules::OutgoingAlert& alert);

}  // namespace promenade::notifier
