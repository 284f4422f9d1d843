#pragma once  // engine/alertmanager/environment.h
// The outside world of an Alertmanager. All of it must outlive the Alertmanager.
#include "alertmanager/delivery_observer.h"
#include "alertmanager/receivers/mailer.h"
#include "base/clock.h"
#include "base/file_system.h"
#include "base/log.h"
#include "base/transport.h"

namespace promenade::alertmanager {

struct Environment {
  Clock& clock;
  Transport& transport;
  FileSystem& files;
  Logger& logger;
  Mailer* mailer = nullptr;  // Without it, e-mails fail.
  DeliveryObserver* observer = nullptr;
};

}  // namespace promenade::alertmanager
