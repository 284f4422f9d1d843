#pragma once  // native/name_service.h
// DNS as the system's resolver gives it: servers and search list of /etc/resolv.conf.
#include <string_view>

#include "base/result.h"
#include "base/transport.h"

namespace promenade::native {

// Answers dns:NAME?type=SRV as Transport promises. Blocks until there is an answer, at most a few
// seconds for each server.
Result<HttpResponse> look_up(std::string_view url);

}  // namespace promenade::native
