// Tick, request, response, two batches: the samples with the markers of what vanished, then the
// figures about the scrape itself, which are written whether it went well or not.
#include "scrape/loop.h"

#include <algorithm>

namespace promenade::scrape {
namespace {

// A scrape this little after its tick gets the tick's timestamp (--scrape.timestamp-tolerance).
constexpr Duration kTimestampTolerance = Duration::milliseconds(2);

Timestamp snap_to_tick(Timestamp now, Timestamp tick, Duration interval) {
  const Duration tolerance = std::min(kTimestampTolerance, interval / 100);
  return now - tick <= tolerance ? tick : now;
}

// The first instant from `now` on that lies `offset` after a multiple of the interval.
Timestamp first_tick(Timestamp now, Duration interval, Duration offset) {
  int64_t into_interval = (now.ms - offset.ms) % interval.ms;
  if (into_interval < 0) into_interval += interval.ms;
  return into_interval == 0 ? now : now + interval - Duration{into_interval};
}

// What a scrape says of itself, in the order of ScrapeLoop::report_series_.
constexpr std::string_view kReportNames[] = {"up",
                                             "scrape_duration_seconds",
                                             "scrape_samples_scraped",
                                             "scrape_samples_post_metric_relabeling",
                                             "scrape_series_added",
                                             "scrape_timeout_seconds",
                                             "scrape_sample_limit",
                                             "scrape_body_size_bytes"};
constexpr size_t kReportCount = 5;  // Without those of extra_scrape_metrics.

Labels report_labels(std::string_view name, const Labels& target) {
  return LabelsBuilder(target).set(kMetricName, name).build();
}

}  // namespace

ScrapeLoop::ScrapeLoop(LoopContext& context, std::shared_ptr<const config::ScrapeConfig> job,
                       Target target, uint64_t offset_seed, SeriesCache cache)
    : context_(context),
      job_(std::move(job)),
      target_(std::move(target)),
      cache_(std::move(cache)) {
  schedule(first_tick(context_.clock.now(), target_.interval, target_.offset(offset_seed)));
}

ScrapeLoop::~ScrapeLoop() {
  stop();
}

void ScrapeLoop::stop() {
  context_.clock.cancel(timer_);
  if (is_scraping_) context_.transport.cancel(request_);
  is_scraping_ = false;
}

TargetStatus ScrapeLoop::status() const {
  TargetStatus status;
  status.scrape_pool = job_->job_name;
  status.discovered_labels = target_.discovered_labels;
  status.labels = target_.labels;
  status.scrape_url = target_.url;
  status.health = health_;
  status.last_error = last_error_;
  status.last_scrape = last_scrape_;
  status.last_scrape_seconds = last_scrape_seconds_;
  status.scrape_interval = target_.interval;
  status.scrape_timeout = target_.timeout;
  status.metadata = cache_.metadata();
  return status;
}

EndOfRun ScrapeLoop::end_of_run() const {
  EndOfRun end;
  if (last_scrape_.ms == 0) return end;
  end.series = cache_.tracked();
  end.series.insert(end.series.end(), report_series_.begin(), report_series_.end());
  // The first tick that is missed; then time for a new loop of the same target to scrape.
  const Duration interval = target_.interval;
  end.at = std::max(tick_, aligned_tick());
  end.due = end.at + interval + interval / 10;
  return end;
}

void ScrapeLoop::schedule(Timestamp tick) {
  tick_ = tick;
  timer_ = context_.clock.call_at(tick, [this] { begin_scrape(); });
}

// The first instant from now on that lies whole intervals away from the tick.
Timestamp ScrapeLoop::aligned_tick() const {
  return first_tick(context_.clock.now(), target_.interval, tick_ - Timestamp{});
}

// Ticks that passed while a scrape was under way are left out. A tick that now lies far ahead shows
// that the clock was set back: waiting for it would leave the target unwatched for as long.
void ScrapeLoop::schedule_next() {
  const Timestamp next = tick_ + target_.interval;
  const bool is_set_back = next - context_.clock.now() > target_.interval * 2;
  schedule(is_set_back ? aligned_tick() : std::max(next, aligned_tick()));
}

void ScrapeLoop::begin_scrape() {
  at_ = snap_to_tick(context_.clock.now(), tick_, target_.interval);
  begun_ns_ = context_.clock.monotonic_ns();
  if (!forced_error_.empty()) {
    on_response(fail(ErrorCode::Unavailable, forced_error_));
    return;
  }
  Result<HttpRequest> request = build_request(*job_, target_, context_.files, context_.user_agent);
  if (!request) {
    on_response(tl::unexpected<Error>(std::move(request).error()));
    return;
  }
  is_scraping_ = true;
  request_ = context_.transport.send(std::move(*request), send_options(*job_, target_),
                                     [this](Result<HttpResponse> response) {
                                       is_scraping_ = false;
                                       on_response(std::move(response));
                                     });
}

void ScrapeLoop::on_response(Result<HttpResponse> response) {
  ScrapeCounts counts;
  body_size_ = response ? response->body.size() : 0;
  cache_.begin();
  const Result<void> result = ingest_response(response, counts);
  finish_scrape(result, counts);
  schedule_next();
}

// Stores the samples, or nothing when any part of the scrape fails.
Result<void> ScrapeLoop::ingest_response(const Result<HttpResponse>& response,
                                         ScrapeCounts& counts) {
  TRY(check_response(*job_, response));
  tsdb::Appender appender = context_.head.appender();
  const Result<void> result = ingest({*job_, target_.labels, cache_, appender, context_.statistics},
                                     response->body, at_, counts);
  if (!result) {
    appender.rollback();
    return result;
  }
  append_stale_markers(appender, cache_.succeed(), at_);
  appender.commit();
  return {};
}

void ScrapeLoop::finish_scrape(const Result<void>& result, const ScrapeCounts& counts) {
  ++context_.statistics.scrapes;
  last_scrape_ = at_;
  last_scrape_seconds_ =
      static_cast<double>(context_.clock.monotonic_ns() - begun_ns_) / 1'000'000'000.0;
  health_ = result ? TargetHealth::Up : TargetHealth::Down;
  last_error_ = result ? "" : result.error().message;
  if (!result) {
    ++context_.statistics.scrapes_failed;
    context_.logger.log(
        LogLevel::Debug, "Scrape failed",
        {{"scrape_pool", job_->job_name}, {"target", target_.url}, {"err", last_error_}});
  }
  report(result, counts);
}

void ScrapeLoop::report(const Result<void>& result, const ScrapeCounts& counts) {
  tsdb::Appender appender = context_.head.appender();
  if (!result) append_stale_markers(appender, cache_.fail(), at_);
  const bool is_too_big = !result && is_body_too_big(result.error());
  if (is_too_big) ++context_.statistics.body_size_limit_exceeded;
  const double values[] = {
      result ? 1.0 : 0.0,
      last_scrape_seconds_,
      static_cast<double>(counts.scraped),
      static_cast<double>(counts.post_relabel),
      static_cast<double>(counts.series_added),
      target_.timeout.in_seconds(),
      static_cast<double>(job_->limits.samples),
      is_too_big ? -1.0 : static_cast<double>(body_size_),
  };
  const size_t count = job_->extra_scrape_metrics ? std::size(kReportNames) : kReportCount;
  for (size_t i = 0; i < count; ++i) append_report(appender, i, values[i]);
  if (appender.commit()) return;
  // The samples of the scrape met with the same refusal. The target is none the worse for it.
  context_.logger.log(LogLevel::Error, "Scrape commit failed",
                      {{"scrape_pool", job_->job_name},
                       {"target", target_.url},
                       {"err", context_.head.write_fault()}});
}

void ScrapeLoop::append_report(tsdb::Appender& appender, size_t index, double value) {
  if (index >= report_series_.size()) report_series_.resize(index + 1);
  SeriesRef& series = report_series_[index];
  if (!appender.is_alive(series)) {  // Nor is the zero of a fresh entry.
    series = appender.series(report_labels(kReportNames[index], target_.labels));
  }
  appender.append(series, at_, value);
}

}  // namespace promenade::scrape
