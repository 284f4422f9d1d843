// tests/unit/sim/web_shop_test.cc
#include "sim/web_shop.h"

#include <gtest/gtest.h>

#include <map>

#include "sim/virtual_clock.h"

namespace promenade::sim {
namespace {

constexpr Timestamp kStart = Timestamp::from_seconds(1'767'225'600);

struct Shop {
  explicit Shop(uint64_t seed) : clock(kStart), net(clock), shop(seed, clock, net) {}
  HttpResponse get(const std::string& url) {
    HttpRequest request;
    request.url = url;
    return net.ask(request);
  }
  std::string metrics(const std::string& authority) {
    return get("http://" + authority + "/metrics").body;
  }
  // How a scrape ends: "200", or the transport's error.
  std::string scrape(const std::string& authority) {
    std::string outcome = "nothing";
    HttpRequest request;
    request.url = "http://" + authority + "/metrics";
    net.send(request, SendOptions{}, [&](Result<HttpResponse> response) {
      outcome = response ? std::to_string(response->status) : response.error().message;
    });
    clock.run_until(clock.now() + Duration::seconds(10));
    return outcome;
  }

  VirtualClock clock;
  SimNet net;
  WebShop shop;
};

double value_of(const std::string& page, const std::string& series) {
  const size_t at = page.find("\n" + series + " ");
  return at == std::string::npos ? -1 : std::stod(page.substr(at + series.size() + 2));
}

TEST(WebShop, ServesTheSameBytesForTheSameSeed) {
  Shop one(4);
  Shop two(4);
  Shop other(5);
  const Timestamp later = kStart + Duration::minutes(90);
  for (Shop* shop : {&one, &two, &other}) shop->clock.run_until(later);
  for (const Instance& instance : shop_instances(4)) {
    EXPECT_EQ(one.metrics(instance.authority), two.metrics(instance.authority));
    EXPECT_NE(one.metrics(instance.authority), other.metrics(instance.authority));
  }
}

TEST(WebShop, StateDoesNotDependOnHowOftenSomebodyAsks) {
  Shop often(8);
  Shop once(8);
  const Timestamp end = kStart + Duration::minutes(75) + Duration::milliseconds(4321);
  for (int64_t ms = 0; kStart.ms + ms < end.ms; ms += 3700) {
    often.clock.run_until({kStart.ms + ms});
    for (const Instance& instance : shop_instances(8)) often.metrics(instance.authority);
  }
  often.clock.run_until(end);
  once.clock.run_until(end);
  for (const Instance& instance : shop_instances(8)) {
    EXPECT_EQ(often.metrics(instance.authority), once.metrics(instance.authority));
  }
}

TEST(WebShop, ARestartSetsTheCountersBackAndChangesTheStartTime) {
  for (const uint64_t seed : {1, 2, 3, 101}) {
    Shop shop(seed);
    const auto instances = shop_instances(seed);
    IncidentSchedule schedule(seed, kStart, instances);
    const Restart restart = schedule.slot(0).restarts[0];
    const std::string target = instances[restart.instance].authority;

    shop.clock.run_until(restart.span.start - Duration::seconds(20));
    EXPECT_EQ(shop.scrape(target), "200");
    const std::string before = shop.metrics(target);
    shop.clock.run_until(restart.span.start + Duration::seconds(1));
    EXPECT_EQ(shop.get("http://" + target + "/metrics").status, 503);
    EXPECT_NE(shop.scrape(target).find("connection refused"), std::string::npos);
    shop.clock.run_until(restart.span.end + Duration::seconds(1));
    const std::string after = shop.metrics(target);

    EXPECT_LT(value_of(after, "process_cpu_seconds_total"), 1);
    EXPECT_GT(value_of(before, "process_cpu_seconds_total"), 10);
    EXPECT_EQ(value_of(after, "process_start_time_seconds"), restart.span.end.in_seconds());
  }
}

TEST(WebShop, AnUnreachableTargetCountsOn) {
  Shop shop(2);
  const auto instances = shop_instances(2);
  IncidentSchedule schedule(2, kStart, instances);
  const ScrapeTrouble trouble = schedule.slot(1).scrape_troubles.back();
  const std::string target = instances[trouble.instance].authority;
  shop.clock.run_until(trouble.span.start - Duration::seconds(20));
  const double before = value_of(shop.metrics(target), "process_cpu_seconds_total");
  shop.clock.run_until(trouble.span.start + Duration::seconds(1));
  EXPECT_NE(shop.scrape(target).find("connection refused"), std::string::npos);
  shop.clock.run_until(trouble.span.end + Duration::seconds(1));
  EXPECT_EQ(shop.scrape(target), "200");
  EXPECT_GT(value_of(shop.metrics(target), "process_cpu_seconds_total"), before);
}

TEST(WebShop, StagingIsSometimesTooSlowToScrape) {
  Shop shop(1);
  const auto instances = shop_instances(1);
  IncidentSchedule schedule(1, kStart, instances);
  for (int64_t slot = 0; slot < 20; ++slot) {
    for (const ScrapeTrouble& trouble : schedule.slot(slot).scrape_troubles) {
      if (trouble.kind != ScrapeTrouble::Kind::TooSlow) continue;
      shop.clock.run_until(trouble.span.start + Duration::seconds(1));
      EXPECT_NE(shop.scrape("checkout-staging-1:8080").find("context deadline exceeded"),
                std::string::npos);
      return;
    }
  }
  FAIL() << "no slow target in ten hours";
}

TEST(WebShop, WhoIsDownLeavesItsTrafficToTheOthers) {
  // A restart of one of two payments processes nearly doubles what the other one gets. Charges
  // are few, so look at many of them: all seeds in which this happens within three hours.
  double with_both = 0;
  double alone = 0;
  for (uint64_t seed = 1; seed < 30; ++seed) {
    const auto instances = shop_instances(seed);
    IncidentSchedule schedule(seed, kStart, instances);
    for (int64_t slot = 0; slot < 6; ++slot) {
      const Restart restart = schedule.slot(slot).restarts[0];
      if (instances[restart.instance].service->name != ServiceName::Payments) continue;
      const std::string other =
          instances[restart.instance].host == "payments-1" ? "payments-2:8080" : "payments-1:8080";
      const std::string count =
          "http_request_duration_seconds_count{method=\"POST\",handler=\"/api/charge\"}";
      Shop shop(seed);
      const Duration length = restart.span.end - restart.span.start;
      const auto at = [&](Timestamp time) {
        shop.clock.run_until(time);
        return value_of(shop.metrics(other), count);
      };
      const double first = at(restart.span.start - length);
      const double second = at(restart.span.start);
      const double third = at(restart.span.end);
      with_both += second - first;
      alone += third - second;
    }
  }
  EXPECT_GT(with_both, 200);
  EXPECT_GT(alone / with_both, 1.5);
  EXPECT_LT(alone / with_both, 2.6);
}

TEST(WebShop, TellsWhoAsksForSomethingElseWhereTheMetricsAre) {
  Shop shop(1);
  const HttpResponse response = shop.get("http://catalog-1:8080/");
  EXPECT_EQ(response.status, 404);
  EXPECT_NE(response.body.find("/metrics"), std::string::npos);
  EXPECT_EQ(shop.get("http://catalog-1:8080/metrics").headers.get("content-type"),
            "text/plain; version=0.0.4; charset=utf-8");
}

TEST(WebShop, ConfiguresOneJobForEachServiceAndMarksStaging) {
  Shop shop(1);
  const std::string yaml = shop.shop.prometheus_config();
  EXPECT_NE(yaml.find("  - job_name: checkout\n"
                      "    static_configs:\n"
                      "      - targets: [\"checkout-1:8080\", \"checkout-2:8080\", "
                      "\"checkout-3:8080\"]\n"
                      "        labels:\n"
                      "          env: prod\n"
                      "      - targets: [\"checkout-staging-1:8080\"]\n"
                      "        labels:\n"
                      "          env: staging\n"),
            std::string::npos)
      << yaml;
}

}  // namespace
}  // namespace promenade::sim
