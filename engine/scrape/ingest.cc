// One pass over the body. A line that is known costs a comparison and an append; only a new one is
// decoded, merged and relabelled.
#include "scrape/ingest.h"

#include "exposition/text_parser.h"
#include "model/sample.h"
#include "scrape/sample_labels.h"

namespace promenade::scrape {
namespace {

using exposition::EntryKind;
using exposition::TextParser;

// Explicit timestamps may lie this far ahead of the scrape, and this far behind: half the time that
// a head block spans, after which Prometheus takes no more samples for it.
constexpr Duration kFutureMax = Duration::minutes(10);
constexpr Duration kPastMax = Duration::hours(1);

class Ingestion {
 public:
  Ingestion(IngestContext context, std::string_view body, Timestamp at, ScrapeCounts& counts)
      : context_(context), parser_(body), at_(at), counts_(counts) {}

  Result<void> run() {
    for (;;) {
      switch (TRY(parser_.next(context_.cache.expected()))) {
        case EntryKind::Series:
          TRY(sample());
          break;
        case EntryKind::Type:
          context_.cache.describe_type(parser_.family(), parser_.type());
          break;
        case EntryKind::Help:
          if (std::string* help =
                  context_.cache.describe_help(parser_.family(), parser_.written_help())) {
            *help = parser_.help();
          }
          break;
        case EntryKind::Unit:
        case EntryKind::Comment:
          break;
        case EntryKind::End:
          return check_sample_limit();
      }
    }
  }

 private:
  Result<void> sample() {
    ++counts_.scraped;
    CachedSeries* series = find();
    if (series == nullptr) {
      std::optional<Labels> labels = TRY(new_labels());
      if (labels) ++counts_.post_relabel;
      if (is_over_limit()) return {};  // What will be rolled back must not leave series behind.
      if (labels) ++counts_.series_added;
      series = &add_series(std::move(labels));
    } else if (!series->is_dropped) {
      ++counts_.post_relabel;
    }
    // Checked before visit(), which makes it seen.
    const bool is_repeated = context_.cache.is_repeated(*series);
    context_.cache.visit(*series);
    // Past the limit all will be rolled back; only the counts go on.
    if (!series->is_dropped && !is_over_limit()) append(*series, is_repeated);
    return {};
  }

  CachedSeries* find() {
    CachedSeries* expected =
        parser_.is_expected() ? context_.cache.find_expected(parser_.type()) : nullptr;
    return expected ? expected : context_.cache.find(parser_.series(), parser_.type());
  }

  // What the series of this line is stored as; none when it is dropped.
  Result<std::optional<Labels>> new_labels() {
    const Labels exposed = TRY(parser_.labels());
    return stored_labels(context_.job, exposed, parser_.series(), context_.target_labels);
  }

  CachedSeries& add_series(std::optional<Labels> labels) {
    CachedSeries& series = context_.cache.add(parser_.series(), parser_.type());
    if (labels) {
      series.ref = context_.appender.series(*labels);
      series.labels = std::move(*labels);
    } else {
      series.is_dropped = true;
    }
    return series;
  }

  void append(CachedSeries& series, bool is_repeated) {
    const bool is_timestamped = context_.job.honor_timestamps && parser_.timestamp_ms().has_value();
    const Timestamp at = is_timestamped ? Timestamp{*parser_.timestamp_ms()} : at_;
    if (!context_.appender.is_alive(series.ref)) {
      series.ref = context_.appender.series(series.labels);
    }
    if (!is_timestamped || context_.job.track_timestamps_staleness) {
      context_.cache.track(series);
    }
    if (is_repeated && !is_timestamped) {
      ++context_.statistics.duplicate_timestamp;
    } else if (at > at_ + kFutureMax || at < at_ - kPastMax) {
      ++context_.statistics.out_of_bounds;
    } else {
      note(context_.appender.append(series.ref, at, parser_.value()));
    }
  }

  void note(tsdb::AppendOutcome outcome) {
    switch (outcome) {
      case tsdb::AppendOutcome::Appended:
        ++context_.statistics.samples_appended;
        break;
      case tsdb::AppendOutcome::OutOfOrder:
        ++context_.statistics.out_of_order;
        break;
      case tsdb::AppendOutcome::DuplicateTimestamp:
        ++context_.statistics.duplicate_timestamp;
        break;
    }
  }

  bool is_over_limit() const {
    const uint64_t limit = context_.job.limits.samples;
    return limit > 0 && counts_.post_relabel > limit;
  }

  Result<void> check_sample_limit() {
    if (!is_over_limit()) return {};
    ++context_.statistics.sample_limit_exceeded;
    return fail(ErrorCode::Limit, "sample limit exceeded");
  }

  IngestContext context_;
  TextParser parser_;
  const Timestamp at_;
  ScrapeCounts& counts_;
};

}  // namespace

Result<void> ingest(IngestContext context, std::string_view body, Timestamp at,
                    ScrapeCounts& counts) {
  const ScrapeStatistics before = context.statistics;
  Result<void> result = Ingestion(context, body, at, counts).run();
  // What is rolled back was not appended.
  if (!result) context.statistics.samples_appended = before.samples_appended;
  return result;
}

void append_stale_markers(tsdb::Appender& appender, const std::vector<SeriesRef>& series,
                          Timestamp at) {
  for (const SeriesRef ref : series) {
    if (appender.is_alive(ref)) appender.append(ref, at, stale_nan());
  }
}

}  // namespace promenade::scrape
