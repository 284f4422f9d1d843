// engine/sim/metrics_page.cc
// Values are integers until they are text (microseconds for seconds), so no digit depends on how a
// platform rounds.
#include "sim/metrics_page.h"

#include <charconv>

#include "exposition/writer.h"

namespace promenade::sim {
namespace {

constexpr std::string_view kBoundTexts[kBucketCount] = {
    "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10", "+Inf"};

constexpr std::string_view kRequestsHead =
    "# HELP http_requests_total Requests answered, by method, handler and status code.\n"
    "# TYPE http_requests_total counter\n";
constexpr std::string_view kLatencyHead =
    "# HELP http_request_duration_seconds Time from reading a request to the end of its answer.\n"
    "# TYPE http_request_duration_seconds histogram\n";
constexpr std::string_view kInFlightHead =
    "# HELP http_requests_in_flight Requests being worked on at this moment.\n"
    "# TYPE http_requests_in_flight gauge\n";
constexpr std::string_view kQueueHead =
    "# HELP order_queue_length Orders placed but not yet processed.\n"
    "# TYPE order_queue_length gauge\n";
constexpr std::string_view kOrdersHead =
    "# HELP shop_orders_total Orders placed, by payment method.\n"
    "# TYPE shop_orders_total counter\n";
constexpr std::string_view kCpuHead =
    "# HELP process_cpu_seconds_total Processor time spent by this process.\n"
    "# TYPE process_cpu_seconds_total counter\n";
constexpr std::string_view kOpenFdsHead =
    "# HELP process_open_fds Open file descriptors.\n"
    "# TYPE process_open_fds gauge\n";
constexpr std::string_view kMemoryHead =
    "# HELP process_resident_memory_bytes Memory that this process keeps in RAM.\n"
    "# TYPE process_resident_memory_bytes gauge\n";
constexpr std::string_view kStartHead =
    "# HELP process_start_time_seconds When this process started, in seconds since the epoch.\n"
    "# TYPE process_start_time_seconds gauge\n";

// A series as it stands in front of its value, with the blank.
std::string series_text(std::string_view name, std::initializer_list<Label> labels) {
  std::string text;
  exposition::append_series(text, name, std::span<const Label>(labels.begin(), labels.size()));
  text += ' ';
  return text;
}

}  // namespace

MetricsPage::MetricsPage(const Instance& instance) {
  for (const Endpoint& endpoint : instance.service->endpoints) add_endpoint(endpoint);
  if (instance.service->name != ServiceName::Checkout) return;
  for (const std::string_view method : kPaymentMethods) {
    order_lines_.push_back(series_text("shop_orders_total", {{"payment_method", method}}));
  }
}

void MetricsPage::add_endpoint(const Endpoint& endpoint) {
  const std::string_view method = endpoint.method;
  const std::string_view handler = endpoint.handler;
  EndpointLines lines;
  const auto add_status = [&](std::string_view status, bool is_always_shown) {
    lines.requests.push_back(
        status.empty()
            ? ""
            : series_text("http_requests_total",
                          {{"method", method}, {"handler", handler}, {"status", status}}));
    lines.is_always_shown.push_back(is_always_shown);
  };
  add_status(endpoint.success_status, true);
  for (const Failure& failure : endpoint.failures) {
    add_status(failure.status, failure.cause == Cause::Visitor || failure.cause == Cause::Own);
  }
  for (const std::string_view bound : kBoundTexts) {
    lines.buckets.push_back(series_text("http_request_duration_seconds_bucket",
                                        {{"method", method}, {"handler", handler}, {"le", bound}}));
  }
  lines.sum =
      series_text("http_request_duration_seconds_sum", {{"method", method}, {"handler", handler}});
  lines.count = series_text("http_request_duration_seconds_count",
                            {{"method", method}, {"handler", handler}});
  endpoints_.push_back(std::move(lines));
}

std::string_view MetricsPage::render(const ServiceInstance& state) {
  page_.clear();
  append_requests(state);
  append_latencies(state);
  page_ += kInFlightHead;
  append_line("http_requests_in_flight ", state.in_flight());
  if (!order_lines_.empty()) append_order_metrics(state);
  append_process_metrics(state);
  return page_;
}

void MetricsPage::append_requests(const ServiceInstance& state) {
  page_ += kRequestsHead;
  for (size_t i = 0; i < endpoints_.size(); ++i) {
    const EndpointLines& lines = endpoints_[i];
    const auto& counts = state.endpoints()[i].requests_by_status;
    for (size_t status = 0; status < lines.requests.size(); ++status) {
      if (lines.requests[status].empty()) continue;
      if (counts[status] == 0 && !lines.is_always_shown[status]) continue;
      append_line(lines.requests[status], counts[status]);
    }
  }
}

void MetricsPage::append_latencies(const ServiceInstance& state) {
  page_ += kLatencyHead;
  for (size_t i = 0; i < endpoints_.size(); ++i) {
    const EndpointCounts& counts = state.endpoints()[i];
    uint64_t at_most = 0;
    for (size_t bucket = 0; bucket < kBucketCount; ++bucket) {
      at_most += counts.requests_by_latency[bucket];
      append_line(endpoints_[i].buckets[bucket], at_most);
    }
    append_decimal_line(endpoints_[i].sum, counts.latency_sum_us, 6);
    append_line(endpoints_[i].count, at_most);
  }
}

void MetricsPage::append_order_metrics(const ServiceInstance& state) {
  page_ += kQueueHead;
  append_line("order_queue_length ", state.order_queue_length());
  page_ += kOrdersHead;
  for (size_t i = 0; i < order_lines_.size(); ++i) append_line(order_lines_[i], state.orders()[i]);
}

void MetricsPage::append_process_metrics(const ServiceInstance& state) {
  page_ += kCpuHead;
  append_decimal_line("process_cpu_seconds_total ", state.cpu_us() / 10'000, 2);
  page_ += kOpenFdsHead;
  append_line("process_open_fds ", state.open_fds());
  page_ += kMemoryHead;
  append_line("process_resident_memory_bytes ", state.memory_bytes());
  page_ += kStartHead;
  append_decimal_line("process_start_time_seconds ", static_cast<uint64_t>(state.started().ms), 3);
}

void MetricsPage::append_line(std::string_view series, uint64_t value) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  page_.append(series);
  page_.append(digits, static_cast<size_t>(end - digits));
  page_ += '\n';
}

void MetricsPage::append_decimal_line(std::string_view series, uint64_t value, int decimals) {
  uint64_t scale = 1;
  for (int i = 0; i < decimals; ++i) scale *= 10;
  append_line(series, value / scale);
  uint64_t fraction = value % scale;
  if (fraction == 0) return;
  page_.back() = '.';
  while (fraction > 0) {
    scale /= 10;
    page_ += static_cast<char>('0' + fraction / scale);
    fraction %= scale;
  }
  page_ += '\n';
}

}  // namespace promenade::sim
