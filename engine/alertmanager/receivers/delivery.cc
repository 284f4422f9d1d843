// The pauses are those of Alertmanager: half a second, growing by half up to a minute, each shifted
// by up to half at random, so that those who failed together don't come back together.
#include "alertmanager/receivers/delivery.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/strings.h"
#include "scrape/http_exchange.h"

namespace promenade::alertmanager {
namespace {

constexpr double kFirstPauseMs = 500;
constexpr double kPauseGrowth = 1.5;
constexpr double kPauseMaxMs = 60'000;
constexpr double kPauseSpread = 0.5;
// How many alerts a message is about when it can't be about all of them.
constexpr size_t kShortAlerts = 100;

// Many an address holds a secret, and the error goes into the log.
std::string redacted(std::string message, const std::string& address) {
  const size_t at = message.find(address);
  if (at != message.npos) message.replace(at, address.size(), "\"<redacted>\"");
  return message;
}

}  // namespace

Delivery::Delivery(Environment environment, Job job, const TextExpander& expander, Random& random,
                   Metrics::PerIntegration& metrics, Callback done)
    : environment_(environment),
      job_(std::move(job)),
      expander_(expander),
      random_(random),
      metrics_(metrics),
      done_(std::move(done)),
      kind_(find_integration_kind(job_.config.spec->kind)),
      pause_ms_(kFirstPauseMs) {}

Delivery::~Delivery() {
  if (request_) environment_.transport.cancel(*request_);
  if (mail_) environment_.mailer->cancel(*mail_);
  if (timer_) environment_.clock.cancel(*timer_);
}

void Delivery::start() {
  set_timer(environment_.clock.now(), &Delivery::attempt);
}

Duration Delivery::time_left() const {
  return job_.deadline - environment_.clock.now();
}

void Delivery::set_timer(Timestamp when, void (Delivery::*action)()) {
  timer_ = environment_.clock.call_at(when, [this, action] {
    timer_.reset();
    (this->*action)();
  });
}

template <typename Write>
auto Delivery::draft(const Write& write) {
  for (;;) {
    texts_.emplace(expander_, job_.config, job_.notification);
    auto drafted = write({job_.config, job_.notification, environment_.files, *texts_});
    const bool is_too_much = !drafted && drafted.error().code == ErrorCode::Limit;
    if (!is_too_much || !shorten(drafted.error())) return drafted;
  }
}

void Delivery::attempt() {
  ++outcome_.attempts;
  ++metrics_.requests;
  attempt_started_ = environment_.clock.now();
  if (kind_ == nullptr) return send_mail();
  auto requests = draft([this](const Drafting& drafting) { return kind_->draft(drafting); });
  if (!requests) return on_failure(requests.error().message, false, "clientError");
  requests_ = std::move(*requests);
  next_request_ = 0;
  send_next();
}

// A short message is better than none, and the log says what is missing.
bool Delivery::shorten(const Error& reason) {
  const size_t count = job_.notification.alerts.size();
  if (count == 1) return false;
  const size_t kept = count > kShortAlerts ? kShortAlerts : 1;
  job_.notification = shortened(std::move(job_.notification), kept);
  environment_.logger.log(LogLevel::Warn, "Notification is too long, telling of its first alerts",
                          {{"receiver", job_.notification.receiver},
                           {"integration", std::string(job_.config.spec->kind)},
                           {"num_alerts", std::to_string(kept + job_.notification.left_out)},
                           {"num_told", std::to_string(kept)},
                           {"err", reason.message}});
  return true;
}

void Delivery::send_next() {
  HttpRequest request = std::move(requests_[next_request_++]);
  request.headers.set("User-Agent", job_.user_agent);
  const auto added =
      scrape::add_client_headers(job_.config.http, environment_.files, request.headers);
  if (!added) return on_failure(added.error().message, true, "other");
  SendOptions options;
  options.timeout = time_left();
  if (options.timeout.ms <= 0)
    return on_failure("there was no time left to send it", true, "other");
  const auto& specs = job_.config.fields.specs();
  const bool has_timeout = std::any_of(specs.begin(), specs.end(),
                                       [](const auto& spec) { return spec.name == "timeout"; });
  if (has_timeout) {
    const Duration own = job_.config.fields.duration("timeout");  // 0: no limit of its own.
    if (own.ms > 0) options.timeout = std::min(options.timeout, own);
  }
  const std::string address = quote(request.url);
  request_ = environment_.transport.send(std::move(request), options,
                                         [this, address](const Result<HttpResponse>& response) {
                                           request_.reset();
                                           on_response(response, address);
                                         });
}

void Delivery::on_response(const Result<HttpResponse>& response, const std::string& address) {
  if (!response) return on_failure(redacted(response.error().message, address), true, "other");
  const Verdict verdict = kind_->judge(job_.config, *response);
  if (!verdict.is_delivered) return on_failure(verdict.error, verdict.can_retry, verdict.reason);
  if (next_request_ < requests_.size()) return send_next();
  finish(true);
}

void Delivery::send_mail() {
  if (environment_.mailer == nullptr)
    return on_failure("there is no way to send mail", false, "other");
  const uint64_t unique = random_.next();
  auto mail = draft([&](const Drafting& drafting) { return draft_mail(drafting, unique); });
  if (!mail) return on_failure(mail.error().message, false, "clientError");
  mail_ =
      environment_.mailer->send(std::move(*mail), time_left(), [this](const Result<void>& sent) {
        mail_.reset();
        if (sent) return finish(true);
        on_failure(sent.error().message, sent.error().code != ErrorCode::BadData, "other");
      });
}

void Delivery::on_failure(std::string error, bool can_retry, std::string_view reason) {
  ++metrics_.failed_requests;
  outcome_.error = std::move(error);
  outcome_.reason = reason;
  outcome_.was_refused = !can_retry;
  if (!can_retry) return finish(false);
  const Timestamp again = environment_.clock.now() + next_pause();
  if (again < job_.deadline) {
    set_timer(again, &Delivery::attempt);
  } else {
    timer_ = environment_.clock.call_at(job_.deadline, [this] {
      timer_.reset();
      finish(false);
    });
  }
}

Duration Delivery::next_pause() {
  const double shift = 1 + kPauseSpread * (2 * random_.uniform() - 1);
  const Duration pause{static_cast<int64_t>(pause_ms_ * shift)};
  pause_ms_ = std::min(pause_ms_ * kPauseGrowth, kPauseMaxMs);
  return pause;
}

void Delivery::tell_observer() {
  if (environment_.observer == nullptr) return;
  const auto reading = texts_->reading();
  environment_.observer->on_delivered({.notification = job_.notification,
                                       .integration = job_.config.spec->kind,
                                       .index = job_.config.index,
                                       .subject = reading ? reading->subject : "",
                                       .text = reading ? reading->text : reading.error().message});
}

void Delivery::finish(bool is_delivered) {
  if (is_delivered) tell_observer();
  outcome_.is_delivered = is_delivered;
  metrics_.latency_seconds += (environment_.clock.now() - attempt_started_).in_seconds();
  ++metrics_.latency_count;
  const Callback done = std::move(done_);
  const Outcome outcome = std::move(outcome_);
  done(outcome);  // May destroy this object.
}

}  // namespace promenade::alertmanager
