#pragma once  // engine/alertmanager/receivers/reading.h
// What a person reads of a notification, whatever the service that it went to.
#include <string>

#include "alertmanager/receivers/integration.h"

namespace promenade::alertmanager {

struct Reading {
  std::string subject;
  std::string text;
};

// The subject and the text of the message as its fields make them. A kind without a subject of its
// own has that of e-mails.
Result<Reading> reading_of(const Drafting& drafting);

}  // namespace promenade::alertmanager
