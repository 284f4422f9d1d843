// tests/unit/sim/data_centre_test.cc
// Whatever happens in a world, its numbers have to add up: conservation laws over random
// worlds, and single claims about the model.
#include "sim/model/data_centre.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <map>

#include "base/strings.h"
#include "model/number_format.h"
#include "sim/world_file/world_reader.h"

namespace promenade::sim {
namespace {

constexpr Timestamp kStart = Timestamp::from_seconds(1'767'225'600);

std::unique_ptr<DataCentre> make_centre(const std::string& yaml, uint64_t seed) {
  auto world = read_world("test.yaml", yaml);
  EXPECT_TRUE(world) << world.error().message << "\n" << yaml;
  if (!world) return nullptr;
  return std::make_unique<DataCentre>(std::move(*world), seed, kStart);
}

using Page = std::map<std::string, double>;

Page page_of(DataCentre& centre, size_t index) {
  std::string text;
  centre.render(index, text);
  Page page;
  for (const std::string_view line : split(text, '\n')) {
    if (line.empty() || line[0] == '#') continue;
    const size_t blank = line.rfind(' ');
    page[std::string(line.substr(0, blank))] = std::stod(std::string(line.substr(blank + 1)));
  }
  return page;
}

double sum_of(const Page& page, std::string_view prefix) {
  double sum = 0;
  for (const auto& [series, value] : page) {
    if (series.rfind(prefix, 0) == 0) sum += value;
  }
  return sum;
}

double value_of(const Page& page, const std::string& series) {
  const auto found = page.find(series);
  return found == page.end() ? std::nan("") : found->second;
}

// A world of one to four services, each endpoint called from outside or by an earlier service, with
// incidents of all kinds that processes and requests know.
std::string random_world(uint64_t seed) {
  Random random = Random(seed).fork("random world");
  std::string yaml =
      "world: random\nvalues: {load: \"draw(1, 30) * (1 + 0.3 * noise(2m))\"}\nservices:\n";
  const auto number = [&](int64_t low, int64_t high) {
    return std::to_string(random.between(low, high));
  };
  const uint64_t services = 1 + random.below(4);
  for (uint64_t s = 0; s < services; ++s) {
    yaml += "  s" + std::to_string(s) + ":\n    instances: " + number(1, 4) +
            "\n    hidden_instances: 1\n    requests:\n      shape: " + number(2, 4) +
            "\n      slow_at_cores: 0." + number(1, 9) + "\n      endpoints:\n";
    for (int e = 0; e < 2; ++e) {
      yaml += "        - {id: e" + std::to_string(e) + ", labels: {handler: /" + std::to_string(e) +
              "}, ";
      const bool is_called = s > 0 && random.chance(0.6);
      yaml += is_called ? "called_by: s" + std::to_string(random.below(s)) + ".e" + number(0, 1)
                        : "rate: load * " + number(0, 3);
      yaml += ", median: " + number(1, 900) + "ms, cpu: " + number(1, 20) +
              "ms, failures: {\"500\": " + number(0, 30) + "%, \"503\": " + number(0, 90) + "%}}\n";
    }
    yaml +=
        "    metrics:\n"
        "      - {counter: dealt_total, count: successes(e0), labels: {way: {a: 0.6, b: 0.3, c: "
        "0.1}}}\n"
        "      - {histogram: size, rate: load, median: 7, buckets: [1, 5, 10, 50]}\n";
  }
  yaml += "  node: {use: [node], instances: 1}\nincidents:\n  every: 5m\n  plan:\n";
  const char* kinds[] = {"restart", "kill", "pause", "errors", "latency", "traffic", "deploy"};
  for (uint64_t i = 0; i < 1 + random.below(4); ++i) {
    yaml += std::string("    - {kind: ") + kinds[random.below(7)] + ", of: [s" +
            std::to_string(random.below(services)) +
            "], all: " + (random.chance(0.5) ? "true" : "false") +
            ", begin: 5s..120s, length: 5s..60s, strength: 0.1..0.9}\n";
  }
  return yaml;
}

// Every law for one instance's page.
void check_page(DataCentre& centre, size_t index, const std::string& where) {
  const Page page = page_of(centre, index);
  const Instance& instance = centre.instances()[index];
  for (const auto& [series, value] : page) {
    EXPECT_TRUE(std::isfinite(value) && value >= 0) << where << ": " << series << " " << value;
  }
  const auto& requests = centre.service_of(instance).requests;
  for (size_t e = 0; requests && e < requests->endpoints.size(); ++e) {
    const std::string labels = "{handler=\"/" + std::to_string(e) + "\"";
    const double by_status = sum_of(page, "http_requests_total" + labels);
    const std::string name = "http_request_duration_seconds";
    const double count = value_of(page, name + "_count" + labels + "}");
    EXPECT_EQ(by_status, count) << where << ": statuses and histogram of endpoint " << e;
    double before = 0;
    double least_sum = 0;
    double lower = 0;
    for (const double bound : requests->buckets) {
      std::string text;
      append_decimal(text, bound);
      const double upto = value_of(page, name + "_bucket" + labels + ",le=\"" + text + "\"}");
      EXPECT_GE(upto, before) << where << ": bucket " << text;
      least_sum += (upto - before) * lower;
      before = upto;
      lower = bound;
    }
    const double all = value_of(page, name + "_bucket" + labels + ",le=\"+Inf\"}");
    EXPECT_EQ(all, count) << where << ": +Inf and count";
    EXPECT_GE(value_of(page, name + "_sum" + labels + "}") + 1e-3, least_sum) << where << ": sum";
  }
  if (requests) {
    EXPECT_EQ(sum_of(page, "dealt_total"),
              sum_of(page, "http_requests_total{handler=\"/0\",status=\"200\"}"))
        << where << ": a count that is dealt out";
  }
  EXPECT_EQ(sum_of(page, "size_count"), sum_of(page, "size_bucket{le=\"+Inf\"}")) << where;
}

double truth_requests(const DataCentre& centre, size_t service, size_t endpoint,
                      uint64_t* failures) {
  TruthQuestion everything;
  everything.start = kStart;
  everything.end = kStart + Duration::hours(9);
  const Truth truth = truth_of(centre, kStart, service, endpoint, everything);
  *failures = truth.failures;
  return static_cast<double>(truth.requests);
}

// What a caller sent, its callee got, unless the callee was hit by something.
void check_calls(const DataCentre& centre, const std::string& where) {
  const auto& services = centre.definition().services;
  for (size_t s = 0; s < services.size(); ++s) {
    if (!services[s].requests) continue;
    bool is_hit = false;
    for (const Disturbance& disturbance : centre.timeline().all()) {
      for (const Instance& instance : centre.instances()) {
        is_hit |= instance.service == s && disturbance.hits(instance.index);
      }
    }
    for (size_t e = 0; e < services[s].requests->endpoints.size(); ++e) {
      uint64_t failures = 0;
      const double requests = truth_requests(centre, s, e, &failures);
      EXPECT_LE(static_cast<double>(failures), requests) << where;
      const auto& caller = services[s].requests->endpoints[e].caller;
      if (!caller) continue;
      const double sent = truth_requests(centre, caller->first, caller->second, &failures);
      if (is_hit) {
        EXPECT_LE(requests, sent) << where << ": s" << s << ".e" << e;
      } else {
        EXPECT_EQ(requests, sent) << where << ": s" << s << ".e" << e;
      }
    }
  }
}

// The modes of each core add up to its time.
void check_node(DataCentre& centre, const std::string& where) {
  const Instance& node = centre.instances().back();
  const Page page = page_of(centre, node.index);
  const double age = node.builtin(Builtin::Age);
  for (int cpu = 0; cpu < 2; ++cpu) {
    const double seconds =
        sum_of(page, "node_cpu_seconds_total{cpu=\"" + std::to_string(cpu) + "\"");
    EXPECT_NEAR(seconds / age, 1, 1e-6) << where << ": modes of cpu " << cpu;
  }
  EXPECT_LE(sum_of(page, "node_memory_MemAvailable_bytes"),
            sum_of(page, "node_memory_MemTotal_bytes"));
  EXPECT_LE(sum_of(page, "node_memory_MemFree_bytes"),
            sum_of(page, "node_memory_MemAvailable_bytes"))
      << where;
  const std::string root = "{device=\"/dev/sda1\",fstype=\"ext4\",mountpoint=\"/\"}";
  EXPECT_LE(value_of(page, "node_filesystem_avail_bytes" + root),
            value_of(page, "node_filesystem_free_bytes" + root));
}

#if defined(__SANITIZE_ADDRESS__) || defined(__EMSCRIPTEN__)  // Which take their time.
constexpr uint64_t kRandomWorlds = 100;
#else
constexpr uint64_t kRandomWorlds = 200;
#endif

// PROMENADE_RANDOM_WORLDS=1000 build/release/tests/unit/unit_sim --gtest_filter='*RandomWorlds'
// runs as many as one has time for.
uint64_t random_worlds() {
  const char* wanted = std::getenv("PROMENADE_RANDOM_WORLDS");
  return wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : kRandomWorlds;
}

TEST(DataCentre, NumbersAddUpInRandomWorlds) {
  for (uint64_t seed = 1; seed <= random_worlds(); ++seed) {
    const std::string yaml = random_world(seed);
    const auto centre = make_centre(yaml, seed);
    ASSERT_NE(centre, nullptr) << "seed " << seed;
    centre->advance(kStart + Duration::seconds(150));
    const std::string where = "seed " + std::to_string(seed);
    for (const Instance& instance : centre->instances()) {
      check_page(*centre, instance.index, where + " " + instance.host);
    }
    check_calls(*centre, where);
    check_node(*centre, where);
    ASSERT_FALSE(HasFailure()) << yaml;
  }
}

constexpr const char* kTwoServices = R"yaml(
world: two
troubles: {slow: takes longer}
services:
  front:
    use: [process]
    instances: 2
    requests:
      slow_at_cores: 4
      endpoints:
        - {id: page, labels: {handler: /}, rate: 40, median: 50ms * (1 + 4 * slow), cpu: 5ms, failures: {"500": 2%}, rare_failures: {"502": failed(back.item)}}
  back:
    use: [process]
    instances: 2
    requests:
      endpoints:
        - {id: item, labels: {handler: /item}, called_by: front.page, median: 10ms, cpu: 1ms, failures: {"500": 1%}}
)yaml";

double counted(DataCentre& centre, const std::string& series) {
  double sum = 0;
  for (const Instance& instance : centre.instances())
    sum += sum_of(page_of(centre, instance.index), series);
  return sum;
}

uint64_t cause(DataCentre& centre, std::string kind, std::vector<std::string> targets,
               Timestamp now, std::optional<double> strength = std::nullopt,
               std::optional<Duration> length = std::nullopt) {
  const auto id =
      centre.timeline().add({std::move(kind), std::move(targets), strength, length, {}}, now);
  EXPECT_TRUE(id) << id.error().message;
  return id.value_or(0);
}

TEST(DataCentre, CountersAreTheTruthWhenNothingRestarts) {
  const auto centre = make_centre(kTwoServices, 5);
  const double before = counted(*centre, "http_requests_total{handler=\"/\"");
  const Timestamp end = kStart + Duration::minutes(30);
  centre->advance(end);
  const Truth truth = truth_of(*centre, kStart, 0, 0, {"", "", kStart, end, {0.5, 0.95}});
  EXPECT_EQ(counted(*centre, "http_requests_total{handler=\"/\"") - before,
            static_cast<double>(truth.requests));
  EXPECT_NEAR(static_cast<double>(truth.requests) / (40 * 1800), 1, 0.02);
  // A log-logistic distribution of shape 3 around 50 ms: its 95th percentile is 2.668 times that.
  EXPECT_NEAR(truth.quantiles[0], 0.05, 0.002);
  EXPECT_NEAR(truth.quantiles[1] / 0.05, 2.668, 0.05);
}

TEST(DataCentre, ACallerFailsWhenThoseItCallsAreGone) {
  const auto centre = make_centre(kTwoServices, 5);
  centre->advance(kStart + Duration::minutes(1));
  cause(*centre, "kill", {"back"}, kStart + Duration::minutes(1), {}, Duration::minutes(10));
  const double before = counted(*centre, "http_requests_total{handler=\"/\",status=\"502\"}");
  centre->advance(kStart + Duration::minutes(6));
  const Truth truth =
      truth_of(*centre, kStart, 0, 0,
               {"", "", kStart + Duration::minutes(2), kStart + Duration::minutes(6), {}});
  EXPECT_GT(static_cast<double>(truth.failures) / static_cast<double>(truth.requests), 0.9);
  EXPECT_GT(counted(*centre, "http_requests_total{handler=\"/\",status=\"502\"}"), before + 5000);
}

TEST(DataCentre, ATroubleOfOneInstanceIsFeltThereOnly) {
  const auto centre = make_centre(kTwoServices, 5);
  cause(*centre, "slow", {"front-1"}, kStart, 1, Duration::minutes(5));
  const Timestamp end = kStart + Duration::minutes(5);
  centre->advance(end);
  const auto median = [&](const char* host) {
    return truth_of(*centre, kStart, 0, 0, {"", host, kStart, end, {0.5}}).quantiles[0];
  };
  EXPECT_NEAR(median("front-1") / median("front-2"), 5, 0.1);
}

TEST(DataCentre, WhoIsDownLeavesItsTrafficToTheOthers) {
  const auto centre = make_centre(kTwoServices, 5);
  cause(*centre, "kill", {"front-1"}, kStart + Duration::minutes(5), {}, Duration::minutes(5));
  centre->advance(kStart + Duration::minutes(10));
  const auto requests = [&](int from, int to) {
    const TruthQuestion question{
        "", "front-2", kStart + Duration::minutes(from), kStart + Duration::minutes(to), {}};
    return static_cast<double>(truth_of(*centre, kStart, 0, 0, question).requests);
  };
  EXPECT_GT(requests(5, 10) / requests(0, 5), 1.4);
  EXPECT_NEAR(requests(5, 10) / (40 * 300), 1, 0.05);
}

TEST(DataCentre, ARestartSetsCountersBackAndADeployChangesTheVersion) {
  const auto centre = make_centre(
      "world: w\nservices:\n  a:\n    use: [process]\n    host: \"a-{version}-{id}\"\n    "
      "metrics:\n"
      "      - {gauge: build_info, labels: {version: \"{version}\"}, value: 1}\n"
      "      - {counter: odometer_total, exact: 1, durable: true}\n",
      3);
  const std::string old_host = centre->instances()[0].host;
  const double odometer = value_of(page_of(*centre, 0), "odometer_total");
  cause(*centre, "deploy", {}, kStart + Duration::seconds(10), {}, Duration::seconds(10));
  centre->advance(kStart + Duration::seconds(30));
  const Page page = page_of(*centre, 0);
  EXPECT_NE(centre->instances()[0].host, old_host);
  EXPECT_EQ(centre->instances()[0].version, "1.0.1");
  EXPECT_EQ(page.count("build_info{version=\"1.0.1\"}"), 1u);
  EXPECT_EQ(page.count("build_info{version=\"1.0.0\"}"), 0u);
  EXPECT_LT(value_of(page, "process_cpu_seconds_total"), 1);
  EXPECT_EQ(value_of(page, "process_start_time_seconds"),
            (kStart + Duration::seconds(20)).in_seconds());
  // Two ticks before, none while it was down, two after.
  EXPECT_NEAR(value_of(page, "odometer_total") - odometer, 20, 1e-6);
}

TEST(DataCentre, AProcessDiesOfItsOwnAccord) {
  const auto centre = make_centre(
      "world: w\nservices:\n  a:\n    values: {used: used + dt * 10}\n    dies_when: used > 600\n"
      "    metrics: [{gauge: used, value: used}, {gauge: deaths, value: restarts}]\n",
      3);
  centre->advance(kStart + Duration::minutes(5));
  const Page page = page_of(*centre, 0);
  // 61 ticks or so to the limit, 20 s of pause: three lives in five minutes and a bit.
  EXPECT_GE(value_of(page, "deaths"), 3);
  EXPECT_LE(value_of(page, "used"), 650);
}

TEST(DataCentre, TheStateDoesNotDependOnHowOftenSomebodyAsks) {
  const std::string yaml = random_world(42);
  const auto once = make_centre(yaml, 42);
  const auto often = make_centre(yaml, 42);
  const Timestamp end = kStart + Duration::minutes(12);
  for (Timestamp at = kStart; at < end; at = at + Duration::milliseconds(3700)) {
    often->advance(at);
    std::string page;
    often->render(0, page);
  }
  once->advance(end);
  often->advance(end);
  EXPECT_EQ(once->hash(), often->hash());
  EXPECT_NE(once->hash(), make_centre(yaml, 43)->hash());
}

TEST(DataCentre, HiddenSeedsHaveOtherNamesAndMoreInstances) {
  const std::string yaml =
      "world: w\nservices:\n  a: {instances: 2, hidden_instances: 2, renamed: true}\n"
      "  b: {instances: 2}\n";
  const auto lesson = make_centre(yaml, 1);
  const auto hidden = make_centre(yaml, 202);
  EXPECT_EQ(lesson->instances()[0].authority, "a-1:8080");
  EXPECT_EQ(lesson->instances().size(), 4u);
  EXPECT_GT(hidden->instances().size(), 4u);
  EXPECT_NE(hidden->instances()[0].authority, "a-1:8080");
  EXPECT_EQ(hidden->instances().back().authority, "b-2:8080");
}

}  // namespace
}  // namespace promenade::sim
