// A scrape nearly always repeats the last one line by line, so the first guess for the next line is
// the entry that stood at the same place; the map by text is for the rest.
#include "scrape/series_cache.h"

#include <algorithm>

namespace promenade::scrape {
namespace {

// What a family's metadata outlives it by (scrape.go, metadata cache).
constexpr uint64_t kMetadataGenerationsKept = 10;
// How many entries failed scrapes may leave beyond twice those of the last success (scrape.go,
// iterDone).
constexpr size_t kFailedEntriesMax = 1000;

}  // namespace

void SeriesCache::begin() {
  ++generation_;
  seen_count_ = 0;
  order_.clear();
  described_.clear();
}

std::string_view SeriesCache::expected() const {
  return order_.size() < last_order_.size() ? last_order_[order_.size()]->text : std::string_view();
}

CachedSeries* SeriesCache::find_expected(MetricType type) {
  CachedSeries* expected = last_order_[order_.size()];
  return expected->type == type ? expected : nullptr;
}

CachedSeries* SeriesCache::find(std::string_view text, MetricType type) {
  if (order_.size() < last_order_.size()) {
    CachedSeries* guess = last_order_[order_.size()];
    if (guess->text == text && guess->type == type) return guess;
  }
  const auto found = by_text_.find(text);
  return found != by_text_.end() && found->second.type == type ? &found->second : nullptr;
}

CachedSeries& SeriesCache::add(std::string_view text, MetricType type) {
  const auto [entry, is_new] = by_text_.try_emplace(std::string(text));
  CachedSeries& series = entry->second;
  if (!is_new && series.seen_in == generation_) --seen_count_;
  series.text = entry->first;
  series.type = type;
  series.is_dropped = false;
  series.seen_in = 0;
  return series;
}

void SeriesCache::visit(CachedSeries& series) {
  if (series.seen_in != generation_) ++seen_count_;
  series.seen_in = generation_;
  order_.push_back(&series);
}

void SeriesCache::track(CachedSeries& series) {
  const bool is_known =
      series.tracked_at < tracked_.size() && tracked_[series.tracked_at].ref == series.ref;
  if (!is_known) {
    const auto key = static_cast<uint64_t>(series.ref);
    const auto [place, is_new] = tracked_at_.emplace(key, tracked_.size());
    if (is_new) tracked_.push_back({series.ref, generation_, generation_});
    series.tracked_at = place->second;
  }
  tracked_[series.tracked_at].seen_in = generation_;
}

SeriesCache::Family& SeriesCache::family_named(std::string_view name) {
  const size_t place = described_.size();
  const bool is_guessed = place < last_described_.size() && last_described_[place]->first == name;
  auto found = is_guessed ? last_described_[place] : families_.find(name);
  if (found == families_.end()) found = families_.emplace(std::string(name), Family{}).first;
  described_.push_back(found);
  found->second.seen_in = generation_;
  return found->second;
}

void SeriesCache::describe_type(std::string_view family, MetricType type) {
  family_named(family).metadata.type = type;
}

std::string* SeriesCache::describe_help(std::string_view family, std::string_view written) {
  Family& entry = family_named(family);
  if (entry.written_help == written) return nullptr;
  entry.written_help = written;
  return &entry.metadata.help;
}

std::map<std::string, MetricMetadata> SeriesCache::metadata() const {
  std::map<std::string, MetricMetadata> all;
  for (const auto& [name, family] : families_) all.emplace(name, family.metadata);
  return all;
}

std::vector<SeriesRef> SeriesCache::succeed() {
  std::vector<SeriesRef> vanished;
  std::vector<Tracked> kept;
  kept.reserve(tracked_.size());
  for (const Tracked& series : tracked_) {
    if (series.seen_in == generation_) {
      kept.push_back(series);
    } else {
      vanished.push_back(series.ref);
    }
  }
  if (!vanished.empty()) {
    tracked_ = std::move(kept);
    tracked_at_.clear();
    for (size_t i = 0; i < tracked_.size(); ++i) {
      tracked_at_.emplace(static_cast<uint64_t>(tracked_[i].ref), i);
    }
  }
  last_order_.swap(order_);
  order_.clear();
  last_described_.swap(described_);  // All of them are seen, and so not forgotten below.
  described_.clear();
  forget_unseen();
  succeeded_count_ = by_text_.size();
  forget_old_families();
  return vanished;
}

std::vector<SeriesRef> SeriesCache::fail() {
  std::vector<SeriesRef> ended;
  for (const Tracked& series : tracked_) {
    // What this scrape brought was rolled back, so there is nothing to end.
    if (series.since < generation_) ended.push_back(series.ref);
  }
  tracked_.clear();
  tracked_at_.clear();
  order_.clear();
  if (by_text_.size() > 2 * succeeded_count_ + kFailedEntriesMax) {
    last_order_.clear();  // It may point to what is forgotten.
    forget_unseen();
  }
  return ended;
}

std::vector<SeriesRef> SeriesCache::tracked() const {
  std::vector<SeriesRef> refs;
  for (const Tracked& series : tracked_) refs.push_back(series.ref);
  return refs;
}

void SeriesCache::forget_unseen() {
  if (by_text_.size() == seen_count_) return;
  for (auto entry = by_text_.begin(); entry != by_text_.end();) {
    entry = entry->second.seen_in == generation_ ? std::next(entry) : by_text_.erase(entry);
  }
}

void SeriesCache::forget_old_families() {
  for (auto family = families_.begin(); family != families_.end();) {
    const bool is_old = family->second.seen_in + kMetadataGenerationsKept < generation_;
    family = is_old ? families_.erase(family) : std::next(family);
  }
}

}  // namespace promenade::scrape
