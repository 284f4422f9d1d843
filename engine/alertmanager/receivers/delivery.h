#pragma once  // engine/alertmanager/receivers/delivery.h
// One notification on its way through one integration: tried again, after longer and longer
// pauses, until it is delivered, refused for good, or its time is over.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "alertmanager/environment.h"
#include "alertmanager/metrics.h"
#include "alertmanager/receivers/integration.h"
#include "base/random.h"

namespace promenade::alertmanager {

class Delivery {
 public:
  struct Outcome {
    bool is_delivered = false;
    uint32_t attempts = 0;
    std::string error;         // Of the last attempt.
    bool was_refused = false;  // Else its time was over.
    std::string_view reason = "other";
  };
  struct Job {
    const config::IntegrationConfig& config;  // Must outlive the delivery.
    Notification notification;
    Timestamp deadline;
    std::string user_agent;
  };
  using Callback = std::function<void(const Outcome&)>;

  // `done` runs once, never before start() returns; it may destroy the delivery. `expander`,
  // `random` and `metrics` must outlive it.
  Delivery(Environment environment, Job job, const TextExpander& expander, Random& random,
           Metrics::PerIntegration& metrics, Callback done);
  Delivery(const Delivery&) = delete;  // Timers and requests point here.
  Delivery& operator=(const Delivery&) = delete;
  // Cancels what is under way.
  ~Delivery();

  void start();

 private:
  void attempt();
  // The message that `write` makes: of fewer alerts when all of them are too many for the
  // templates' limits.
  template <typename Write>
  auto draft(const Write& write);
  bool shorten(const Error& reason);
  void send_next();
  void send_mail();
  void on_response(const Result<HttpResponse>& response, const std::string& address);
  void on_failure(std::string error, bool can_retry, std::string_view reason);
  void tell_observer();
  void finish(bool is_delivered);
  void set_timer(Timestamp when, void (Delivery::*action)());
  Duration next_pause();
  Duration time_left() const;

  Environment environment_;
  Job job_;
  const TextExpander& expander_;
  Random& random_;
  Metrics::PerIntegration& metrics_;
  Callback done_;
  const IntegrationKind* kind_;
  std::optional<MessageTexts> texts_;  // Of the last attempt.
  std::vector<HttpRequest> requests_;
  size_t next_request_ = 0;
  double pause_ms_;
  Timestamp attempt_started_;
  Outcome outcome_;
  std::optional<RequestId> request_;
  std::optional<MailId> mail_;
  std::optional<TimerId> timer_;
};

}  // namespace promenade::alertmanager
