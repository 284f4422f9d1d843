// tests/same_bytes/answers.cc
// Prints what a simulated Prometheus answers to a list of requests: the same samples from the same
// seed, asked the same things. The test beside it runs this natively and as WebAssembly and
// compares.
#include <cstdio>

#include "sim/world.h"

namespace {

// Paths and queries; each exercises another way from samples to text.
constexpr const char* kRequests[] = {
    "/api/v1/query?query=up",
    "/api/v1/query?query=http_requests_total",
    "/api/v1/query?query=http_requests_total%5B2m%5D",
    "/api/v1/query?query=rate(http_requests_total%5B5m%5D)",
    "/api/v1/query?query=sum%20by%20(job)%20(rate(http_requests_total%5B5m%5D))",
    "/api/v1/query?query=histogram_quantile(0.95%2Csum%20by%20(le%2Cjob)(rate("
    "http_request_duration_seconds_bucket%5B5m%5D)))",
    "/api/v1/query?query=avg_over_time(process_resident_memory_bytes%5B30m%5D)",
    "/api/v1/query?query=stddev_over_time(http_requests_in_flight%5B30m%5D)",
    "/api/v1/query?query=quantile_over_time(0.9%2Chttp_requests_in_flight%5B30m%5D)",
    "/api/v1/query?query=deriv(process_resident_memory_bytes%5B30m%5D)",
    "/api/v1/query?query=topk(5%2Cirate(http_requests_total%5B5m%5D))",
    "/api/v1/query?query=sin(process_open_fds)%20%5E%200.3",
    "/api/v1/query?query=exp(ln(process_open_fds))%20%2F%207",
    "/api/v1/query?query=1%2F3",
    "/api/v1/query?query=count_values(%22v%22%2Cup)",
    "/api/v1/query?query=http_requests_total%20offset%205m%20%2F%20http_requests_total",
    "/api/v1/query?query=max_over_time(sum(rate(http_requests_total%5B5m%5D))%5B20m%3A1m%5D)",
    "/api/v1/query_range?query=sum%20by%20(job)%20(rate(http_requests_total%5B5m%5D))"
    "&start=1767227400&end=1767229200&step=15",
    "/api/v1/query_range?query=predict_linear(process_resident_memory_bytes%5B10m%5D%2C3600)"
    "&start=1767227400&end=1767229200&step=61.5",
    "/api/v1/series?match%5B%5D=up",
    "/api/v1/labels",
    "/api/v1/label/__name__/values",
    "/api/v1/targets",
    "/api/v1/metadata",
    "/api/v1/status/tsdb",
    "/api/v1/explain?query=sum%20by%20(job)%20(rate(http_requests_total%5B5m%5D))",
    "/api/v1/explain?query=histogram_quantile(0.95%2Csum%20by%20(le%2Cjob)(rate("
    "http_request_duration_seconds_bucket%5B5m%5D)))",
    "/api/v1/explain?query=http_requests_total%20%2F%20on(job)%20process_open_fds",
    "/api/v1/explain?query=max_over_time(sum(rate(http_requests_total%5B5m%5D))%5B20m%3A1m%5D)"
    "&start=1767227400&end=1767229200&step=15",
    "/api/v1/query?query=rat(up%5B5m%5D)",
    "/api/v1/query?query=up%20%2B%20on(job)%20up",
};

// One for each way of the simulation: requests and incidents, machines, exporters about others,
// breakers, deploys that rename, rules.
constexpr const char* kWorkloads[] = {"web-shop", "nodes", "kubernetes", "pipeline",
                                      "churn",    "sse",   "flappy",     "predictor"};

// All samples and the state of every process as one number.
bool print_hash(const char* workload) {
  promenade::sim::WorldOptions options;
  options.workload = workload;
  options.seed = 11;
  options.history = promenade::Duration::minutes(45);
  const auto world = promenade::sim::World::create(options);
  if (!world) return false;
  promenade::HttpRequest request;
  request.url = "http://world/hash";
  std::printf("http://world/hash of %s\n200 %s\n", workload,
              (*world)->handle(request).body.c_str());
  return true;
}

}  // namespace

int main() {
  for (const char* workload : kWorkloads) {
    if (!print_hash(workload)) return 1;
  }
  promenade::sim::WorldOptions options;
  options.seed = 7;
  options.history = promenade::Duration::hours(1);
  const auto world = promenade::sim::World::create(options);
  if (!world) {
    std::fprintf(stderr, "%s\n", world.error().message.c_str());
    return 1;
  }
  for (const char* path : kRequests) {
    promenade::HttpRequest request;
    request.url = std::string("http://prometheus:9090") + path;
    const promenade::HttpResponse response = (*world)->handle(request);
    std::printf("%s\n%d %s\n", path, response.status, response.body.c_str());
  }
  return 0;
}
