#pragma once  // engine/alertmanager/delivery_observer.h
// Told of every notification that has reached its service: how the page shows what people get.
#include <string>
#include <string_view>

namespace promenade::alertmanager {

struct Notification;

struct Delivered {
  const Notification& notification;
  std::string_view integration;  // "slack"
  size_t index = 0;              // Among those of its kind in the receiver.
  // What a person reads: a line, and the message below it (HTML in e-mails without a plain text).
  // "" where the kind of integration has none.
  std::string subject;
  std::string text;
};

class DeliveryObserver {
 public:
  virtual ~DeliveryObserver() = default;
  virtual void on_delivered(const Delivered& delivered) = 0;
};

}  // namespace promenade::alertmanager
