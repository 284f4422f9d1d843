// One batch after another. A batch that fails is dropped: by the time of another try the rules will
// have told anew what is still true.
#include "notifier/queue.h"

#include <algorithm>
#include <utility>

#include "scrape/http_exchange.h"

namespace promenade::notifier {

Queue::Queue(QueueContext& context, std::shared_ptr<const config::AlertmanagerEndpoints> config,
             std::string url)
    : context_(context), config_(std::move(config)) {
  statistics_.url = std::move(url);
}

Queue::~Queue() {
  const size_t count = take().size();
  if (count == 0) return;
  context_.logger.log(LogLevel::Warn, "Dropping alerts of an Alertmanager that is no longer used",
                      {{"alertmanager", statistics_.url}, {"count", std::to_string(count)}});
}

std::vector<AlertText> Queue::take() {
  if (!in_flight_.empty()) context_.transport.cancel(request_);
  std::vector<AlertText> alerts = std::exchange(in_flight_, {});
  alerts.insert(alerts.end(), waiting_.begin(), waiting_.end());
  waiting_.clear();
  return alerts;
}

void Queue::add(const std::vector<AlertText>& alerts) {
  if (alerts.empty()) return;
  waiting_.insert(waiting_.end(), alerts.begin(), alerts.end());
  const size_t capacity = context_.options.queue_capacity;
  if (waiting_.size() > capacity) make_room(waiting_.size() - capacity);
  send_next();
}

void Queue::make_room(size_t count) {
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
  statistics_.dropped += count;
  context_.logger.log(LogLevel::Warn, "Alert notification queue full, dropping alerts",
                      {{"alertmanager", statistics_.url}, {"count", std::to_string(count)}});
}

void Queue::send_next() {
  while (in_flight_.empty() && !waiting_.empty()) send_batch();
}

void Queue::send_batch() {
  const size_t size = std::min<size_t>(waiting_.size(), context_.options.batch_size);
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(size);
  in_flight_.assign(waiting_.begin(), end);
  waiting_.erase(waiting_.begin(), end);
  begun_ns_ = context_.clock.monotonic_ns();
  HttpRequest request;
  request.method = "POST";
  request.url = statistics_.url;
  request.headers.set("User-Agent", context_.options.user_agent);
  request.headers.set("Content-Type", "application/json");
  for (const AlertText& alert : in_flight_) {
    request.body += request.body.empty() ? '[' : ',';
    request.body += *alert;
  }
  request.body += ']';
  const auto authorized =
      scrape::add_client_headers(config_->http, context_.files, request.headers);
  if (!authorized) return fail_batch(authorized.error().message);
  request_ = context_.transport.send(
      std::move(request), SendOptions{.timeout = config_->timeout},
      [this](const Result<HttpResponse>& response) { on_response(response); });
}

void Queue::on_response(const Result<HttpResponse>& response) {
  ++statistics_.requests;
  statistics_.request_seconds +=
      static_cast<double>(context_.clock.monotonic_ns() - begun_ns_) / 1e9;
  if (!response) {
    fail_batch(response.error().message);
  } else if (response->status / 100 != 2) {
    fail_batch("bad response status " + scrape::status_line(response->status));
  } else {
    statistics_.sent += in_flight_.size();
    in_flight_.clear();
  }
  send_next();
}

void Queue::fail_batch(const std::string& reason) {
  statistics_.errors += in_flight_.size();
  statistics_.dropped += in_flight_.size();
  context_.logger.log(LogLevel::Error, "Error sending alerts",
                      {{"alertmanager", statistics_.url},
                       {"count", std::to_string(in_flight_.size())},
                       {"err", reason}});
  in_flight_.clear();
}

AlertmanagerStatistics Queue::statistics() const {
  AlertmanagerStatistics statistics = statistics_;
  statistics.queue_length = waiting_.size();
  return statistics;
}

}  // namespace promenade::notifier
