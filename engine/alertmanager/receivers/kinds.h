#pragma once  // engine/alertmanager/receivers/kinds.h
// The kinds of integrations, a file each. Internal to this folder.
#include "alertmanager/receivers/integration.h"

namespace promenade::alertmanager {

// webhook.cc: the group as one JSON object, the same for every receiver.
Result<std::vector<HttpRequest>> draft_webhook(const Drafting& drafting);

}  // namespace promenade::alertmanager
