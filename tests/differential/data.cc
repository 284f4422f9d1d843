// tests/differential/data.cc
// differential_data SEED: the samples of the differential test as bodies of remote write, each
// behind its length in four bytes, least significant first.
//
// Every value is a multiple of 1/8 below 2^20 (or a NaN or an infinity), so that sums are the same
// in whatever order they are made, and what the two servers differ in is never rounding alone.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include "base/random.h"
#include "remote_write/write_request_builder.h"

namespace promenade {
namespace {

constexpr int64_t kStartMs = 1'700'000'000'000;
constexpr int64_t kLengthMs = 100 * 60'000;
constexpr int64_t kBatchMs = 5 * 60'000;
constexpr int64_t kMissedAtOnceMax = 40;

struct Series {
  Labels labels;
  std::vector<TimedValue> samples;
};

double eighths(double value) {
  return std::round(value * 8) / 8;
}

// When a series is scraped, and what befalls it.
struct Schedule {
  int64_t interval_ms;
  int64_t jitter_ms = 0;
  double lives_whole_time = 0.7;  // Else it is born late or dies early.
  double misses = 0.01;           // The chance that scrapes fail from here on for a while.
};

class Generator {
 public:
  explicit Generator(uint64_t seed) : random_(seed) {}

  // Adds a series whose value at each scrape is what `next` returns.
  template <typename Next>
  void add(Labels labels, const Schedule& schedule, const Next& next) {
    Random random = random_.fork(labels.to_string());
    Series series{std::move(labels), {}};
    int64_t begin = 0;
    int64_t end = kLengthMs;
    if (!random.chance(schedule.lives_whole_time)) {
      if (random.chance(0.5)) begin = random.between(0, kLengthMs * 2 / 3);
      if (random.chance(0.5)) end = random.between(begin, kLengthMs);
    }
    int64_t time_ms = begin + random.between(0, schedule.interval_ms - 1);
    while (time_ms < end) {
      const int64_t jitter_ms = random.between(-schedule.jitter_ms, schedule.jitter_ms);
      series.samples.push_back({kStartMs + time_ms + jitter_ms, next(random)});
      time_ms += schedule.interval_ms;
      if (!random.chance(schedule.misses)) continue;
      // A failed scrape leaves a stale marker; a failure of the whole server leaves nothing.
      if (random.chance(0.5)) series.samples.push_back({kStartMs + time_ms, stale_nan()});
      time_ms += schedule.interval_ms * random.between(1, kMissedAtOnceMax);
    }
    if (end < kLengthMs && random.chance(0.8)) {
      series.samples.push_back({kStartMs + time_ms, stale_nan()});
    }
    if (!series.samples.empty()) series_.push_back(std::move(series));
  }

  void counters();
  void gauges();
  void information();
  void classic_histograms();
  void odd_ones();
  void sort_series();
  void write(std::FILE* out) const;

 private:
  void write_frame(std::FILE* out, const std::string& body) const;

  Random random_;
  std::vector<Series> series_;
};

constexpr std::array kJobs = {"api", "web", "db"};

std::string instance(std::string_view job, int number) {
  return fmt::format("{}-{}:80", job, number);
}

// Goes up by steps of its own size, and now and then starts again.
struct Counter {
  double step;
  double value = 0;
  double operator()(Random& random) {
    value += eighths(random.uniform() * step);
    if (random.chance(0.01) || value > 500'000) value = eighths(random.uniform() * step);
    return value;
  }
};

void Generator::counters() {
  for (const std::string_view job : kJobs) {
    for (int number = 0; number < 3; ++number) {
      for (const char* code : {"200", "404", "500"}) {
        for (const char* method : {"get", "post"}) {
          Counter counter{*code == '2' ? 200.0 : 3.0};
          add({{"__name__", "requests_total"},
               {"job", job},
               {"instance", instance(job, number)},
               {"code", code},
               {"method", method}},
              {15'000}, [&](Random& random) { return counter(random); });
        }
        Counter errors{2};
        if (*code == '2') continue;
        add({{"__name__", "errors_total"},
             {"job", job},
             {"instance", instance(job, number)},
             {"code", code}},
            {30'000, 20}, [&](Random& random) { return errors(random); });
      }
    }
  }
}

double special(Random& random) {
  switch (random.below(3)) {
    case 0:
      return normal_nan();
    case 1:
      return std::numeric_limits<double>::infinity();
    default:
      return -std::numeric_limits<double>::infinity();
  }
}

void Generator::gauges() {
  for (const std::string_view job : kJobs) {
    for (int number = 0; number < 3; ++number) {
      const std::string name = instance(job, number);
      double level = 20;
      add({{"__name__", "temperature"},
           {"job", job},
           {"instance", name},
           {"room", number % 2 == 0 ? "a" : "b"}},
          {10'000, 300}, [&](Random& random) {
            level = std::clamp(level + eighths(random.normal() * 4), -100.0, 100.0);
            return number == 0 && random.chance(0.03) ? special(random) : level;
          });
      add({{"__name__", "queue_length"}, {"job", job}, {"instance", name}}, {15'000},
          [](Random& random) { return static_cast<double>(random.below(8)); });
      add({{"__name__", "up"}, {"job", job}, {"instance", name}}, {15'000, 0, 1, 0},
          [](Random& random) { return random.chance(0.95) ? 1.0 : 0.0; });
    }
  }
}

void Generator::information() {
  const auto one = [](Random&) { return 1.0; };
  for (const std::string_view job : kJobs) {
    for (int number = 0; number < 3; ++number) {
      add({{"__name__", "build_info"},
           {"job", job},
           {"instance", instance(job, number)},
           {"version", number == 0 ? "2.1" : "2.0"}},
          {60'000, 0, 0.8, 0}, one);
    }
    add({{"__name__", "limit"}, {"job", job}}, {60'000, 0, 1, 0},
        [](Random& random) { return static_cast<double>(random.between(1, 6)); });
  }
  add({{"__name__", "lonely"}, {"x", "1"}}, {15'000, 0, 1, 0}, one);
}

// All buckets of a histogram grow together, so one draw decides for all of them: the series are
// made side by side, a scrape at a time.
void Generator::classic_histograms() {
  constexpr std::array<const char*, 6> kBounds = {"0.1", "0.25", "0.5", "1", "5", "+Inf"};
  for (const std::string_view job : kJobs) {
    for (int number = 0; number < 2; ++number) {
      const std::string name = instance(job, number);
      const Random draws = random_.fork("latency" + name);
      for (size_t bound = 0; bound <= kBounds.size(); ++bound) {
        Random same = draws;
        double below = 0;
        const auto next = [&](Random&) {
          for (uint64_t i = same.below(6); i > 0; --i) {
            if (same.below(kBounds.size()) <= bound) ++below;
          }
          return below;
        };
        const Schedule steady{15'000, 0, 1, 0};
        if (bound < kBounds.size()) {
          add({{"__name__", "latency_seconds_bucket"},
               {"job", job},
               {"instance", name},
               {"le", kBounds[bound]}},
              steady, next);
        } else {
          add({{"__name__", "latency_seconds_count"}, {"job", job}, {"instance", name}}, steady,
              next);
        }
      }
      Counter sum{4};
      add({{"__name__", "latency_seconds_sum"}, {"job", job}, {"instance", name}},
          {15'000, 0, 1, 0}, [&](Random& random) { return sum(random); });
    }
  }
}

void Generator::odd_ones() {
  for (const char* bound : {"1", "2", "x", ""}) {
    Counter counter{3};
    add({{"__name__", "odd_bucket"}, {"le", bound}, {"job", "api"}}, {20'000, 50},
        [&](Random& random) { return counter(random); });
  }
  add({{"__name__", "fast"}, {"job", "api"}}, {1'000, 400},
      [](Random& random) { return eighths(random.normal() * 50); });
  add({{"__name__", "slow"}, {"job", "web"}}, {290'000, 5'000, 1, 0},
      [](Random& random) { return eighths(random.normal() * 50); });
  add({{"__name__", "still"}, {"job", "db"}}, {15'000}, [](Random&) { return 4.5; });
  add({{"__name__", "zero"}, {"job", "db"}}, {15'000},
      [](Random& random) { return random.chance(0.5) ? 0.0 : -0.0; });
}

void Generator::write_frame(std::FILE* out, const std::string& body) const {
  for (int shift = 0; shift < 32; shift += 8)
    std::fputc(static_cast<int>(body.size() >> shift & 0xff), out);
  std::fwrite(body.data(), 1, body.size(), out);
}

// Where values are equal, topk() and others go by the order of the series. The peer's is that of
// labels, ours (and that of later Prometheus) that of creation: so they are created in that order,
// with a stale marker each, before the data begin.
void Generator::sort_series() {
  std::sort(series_.begin(), series_.end(),
            [](const Series& a, const Series& b) { return a.labels < b.labels; });
  for (Series& series : series_) {
    series.samples.insert(series.samples.begin(), {kStartMs - kBatchMs, stale_nan()});
  }
}

void Generator::write(std::FILE* out) const {
  std::vector<size_t> next(series_.size());
  for (int64_t end_ms = kStartMs;; end_ms += kBatchMs) {
    WriteRequestBuilder builder;
    bool is_done = true;
    for (size_t i = 0; i < series_.size(); ++i) {
      const std::vector<TimedValue>& samples = series_[i].samples;
      std::vector<TimedValue> batch;
      while (next[i] < samples.size() && samples[next[i]].time_ms < end_ms) {
        batch.push_back(samples[next[i]++]);
      }
      is_done = is_done && next[i] == samples.size();
      if (batch.empty()) continue;
      builder.add(std::vector<Label>(series_[i].labels.begin(), series_[i].labels.end()), batch);
    }
    if (builder.sample_count() > 0) write_frame(out, builder.take_body());
    if (is_done) return;
  }
}

}  // namespace
}  // namespace promenade

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: differential_data SEED\n");
    return 2;
  }
  promenade::Generator generator(std::strtoull(argv[1], nullptr, 10));
  generator.counters();
  generator.gauges();
  generator.information();
  generator.classic_histograms();
  generator.odd_ones();
  generator.sort_series();
  generator.write(stdout);
  return 0;
}
