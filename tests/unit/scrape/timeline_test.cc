// What ends up in the head when targets answer, fail, come and go: the timelines that
// Prometheus's scrape/scrape.go gives, at an interval of 15 seconds.
#include "fixture.h"

namespace promenade::scrape {
namespace {

// One row: what the target says at 0 s, 15 s, ..., and the samples this leaves. A body of "500" is
// that status, "slow" a response beyond the timeout, "refused" no response at all; "@-5" in a body
// is the timestamp 5 seconds before the first scrape.
struct Timeline {
  const char* claim;
  const char* job;  // Added to the scrape configuration.
  std::vector<std::string> bodies;
  const char* m;   // Samples of the metric m.
  const char* up;  // Of up.
};

const Timeline kTimelines[] = {
    {"each scrape adds a sample at its tick", "", {"m 1", "m 2"}, "{} 0=1 15=2\n", "{} 0=1 15=1\n"},
    {"a series that vanishes is marked at the scrape that misses it",
     "",
     {"m 1", "m 2", "other 1", "other 1"},
     "{} 0=1 15=2 30=stale\n",
     "{} 0=1 15=1 30=1 45=1\n"},
    {"a series that comes back goes on",
     "",
     {"m 1", "", "m 3"},
     "{} 0=1 15=stale 30=3\n",
     "{} 0=1 15=1 30=1\n"},
    {"a failed scrape ends all series at once, once",
     "",
     {"m 1", "m 2", "500", "500", "m 5"},
     "{} 0=1 15=2 30=stale 60=5\n",
     "{} 0=1 15=1 30=0 45=0 60=1\n"},
    {"a refused connection is a failed scrape",
     "",
     {"m 1", "refused", "m 3"},
     "{} 0=1 15=stale 30=3\n",
     "{} 0=1 15=0 30=1\n"},
    {"a response beyond the timeout is a failed scrape at the time it started",
     "",
     {"m 1", "slow", "m 3"},
     "{} 0=1 15=stale 30=3\n",
     "{} 0=1 15=0 30=1\n"},
    {"nothing of a body with a bad line is kept",
     "",
     {"m 1", "m 2\n!", "m 3"},
     "{} 0=1 15=stale 30=3\n",
     "{} 0=1 15=0 30=1\n"},
    {"the first of two equal series counts", "", {"m 1\nm 2\n"}, "{} 0=1\n", "{} 0=1\n"},
    {"explicit timestamps are kept, and get no stale marker",
     "",
     {"m 1 @-5", "other 1"},
     "{} -5=1\n",
     "{} 0=1 15=1\n"},
    {"explicit timestamps get one where they are tracked",
     "track_timestamps_staleness: true",
     {"m 1 @-5", "other 1"},
     "{} -5=1 15=stale\n",
     "{} 0=1 15=1\n"},
    {"explicit timestamps are ignored without honor_timestamps",
     "honor_timestamps: false",
     {"m 1 @-5", "m 2 @-5", "other 1"},
     "{} 0=1 15=2 30=stale\n",
     "{} 0=1 15=1 30=1\n"},
    {"a sample far in the future or the past is dropped and the scrape goes on",
     "",
     {"m 1 99999999999999\nm 2 1\n"},
     "",
     "{} 0=1\n"},
    {"beyond sample_limit the whole scrape fails",
     "sample_limit: 2",
     {"m 1\nn 1", "m 2\nn 2\no 2", "m 3"},
     "{} 0=1 15=stale 30=3\n",
     "{} 0=1 15=0 30=1\n"},
    {"beyond body_size_limit the whole scrape fails",
     "body_size_limit: 5B",
     {"m 1", "m 2  \n"},
     "{} 0=1 15=stale\n",
     "{} 0=1 15=0\n"},
    {"a sample that metric relabelling drops was never there",
     "metric_relabel_configs: [{source_labels: [x], regex: b, action: drop}]",
     {"m{x=\"a\"} 1\nm{x=\"b\"} 2"},
     "{x=\"a\"} 0=1\n",
     "{} 0=1\n"},
};

class TimelineTest : public ScrapeTest, public testing::WithParamInterface<Timeline> {
 protected:
  void answer(std::string body) {
    const bool is_slow = body == "slow";
    net.set_behaviour("a:1", {Duration::milliseconds(is_slow ? 10'001 : 3), body != "refused"});
    if (const size_t at = body.find("@-5"); at != std::string::npos) {
      body.replace(at, 3, std::to_string(begun.ms - 5000));
    }
    HttpResponse response;
    response.status = body == "500" ? 500 : 200;
    response.headers.set("Content-Type", "text/plain");
    response.body = body;
    serve_response("a:1", response);
  }
};

TEST_P(TimelineTest, LeavesTheseSamples) {
  const Timeline& timeline = GetParam();
  serve("a:1", "");
  configure(std::string("- {job_name: j, ") + timeline.job + (*timeline.job != 0 ? ", " : "") +
            "static_configs: [{targets: [a:1]}]}\n");
  begin();
  for (size_t i = 0; i < timeline.bodies.size(); ++i) {
    answer(timeline.bodies[i]);
    run_to(static_cast<double>(i) * 15 + 14);
  }
  EXPECT_EQ(samples("m"), timeline.m) << timeline.claim;
  EXPECT_EQ(samples("up"), timeline.up) << timeline.claim;
}

INSTANTIATE_TEST_SUITE_P(Scrape, TimelineTest, testing::ValuesIn(kTimelines),
                         [](const testing::TestParamInfo<Timeline>& info) {
                           std::string name;
                           for (const char c : std::string_view(info.param.claim)) {
                             const bool is_letter =
                                 (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
                             if (is_letter) name += c;
                           }
                           return name;
                         });

}  // namespace
}  // namespace promenade::scrape
