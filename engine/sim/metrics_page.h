#pragma once  // engine/sim/metrics_page.h
// What an instance of the web shop answers to GET /metrics. The text in front of each value is
// made once; a scrape only copies it and appends digits, because a world with two hours of history
// writes several hundred thousand lines before the learner sees anything.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/service_instance.h"

namespace promenade::sim {

class MetricsPage {
 public:
  explicit MetricsPage(const Instance& instance);

  // The page for the present state, in Prometheus's text format 0.0.4. Valid until the next call.
  // Statuses 502 and 503 appear once they have happened, as client libraries do it for labels
  // that nobody initialised.
  std::string_view render(const ServiceInstance& state);

 private:
  struct EndpointLines {
    std::vector<std::string> requests;  // Success, then the failures; "" for an unused one.
    std::vector<bool> is_always_shown;
    std::vector<std::string> buckets;  // One for each `le`.
    std::string sum;
    std::string count;
  };

  void add_endpoint(const Endpoint& endpoint);
  void append_requests(const ServiceInstance& state);
  void append_latencies(const ServiceInstance& state);
  void append_order_metrics(const ServiceInstance& state);
  void append_process_metrics(const ServiceInstance& state);
  void append_line(std::string_view series, uint64_t value);
  // value / 10^decimals, exactly, without trailing zeros.
  void append_decimal_line(std::string_view series, uint64_t value, int decimals);

  std::vector<EndpointLines> endpoints_;
  std::vector<std::string> order_lines_;
  std::string page_;
};

}  // namespace promenade::sim
