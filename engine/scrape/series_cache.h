#pragma once  // engine/scrape/series_cache.h
// What a target exposed last time: from the raw text of a series to its place in the head, so that
// a known sample costs one comparison and no allocation; which series have vanished, and so need a
// stale marker; and what the target says of its metric families.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/hash.h"
#include "model/labels.h"
#include "model/metadata.h"
#include "model/queryable.h"

namespace promenade::scrape {

// One exposed series, by its text.
struct CachedSeries {
  std::string_view text;  // Lives as long as the entry.
  MetricType type =
      MetricType::Unknown;  // Of the TYPE line above it, which decides how `le` reads.
  bool is_dropped = false;  // By metric relabelling.
  SeriesRef ref{};
  Labels labels;
  uint64_t seen_in = 0;   // The last generation that exposed it.
  size_t tracked_at = 0;  // Where `ref` is probably found among the tracked ones.
};

// Generations count scrapes: begin() starts one, succeed() or fail() ends it.
class SeriesCache {
 public:
  void begin();

  // The text that stood at this place last time, for the parser's shortcut; "" when none.
  std::string_view expected() const;
  // The entry of that text; null when the line has another type by now.
  CachedSeries* find_expected(MetricType type);
  // The entry for the next line's text, or null when it is new (or has another type by now).
  CachedSeries* find(std::string_view text, MetricType type);
  // Adds or replaces the entry of a text.
  CachedSeries& add(std::string_view text, MetricType type);
  // The entry is what stands at this place now.
  void visit(CachedSeries& series);
  // Whether this generation has visited it before.
  bool is_repeated(const CachedSeries& series) const { return series.seen_in == generation_; }

  // Remembers that the series got a sample, to miss it when it vanishes.
  void track(CachedSeries& series);

  // What TYPE and HELP lines say. Gives the place for the help when it is written otherwise than
  // the last time, else null; valid until the next call.
  void describe_type(std::string_view family, MetricType type);
  std::string* describe_help(std::string_view family, std::string_view written);
  std::map<std::string, MetricMetadata> metadata() const;
  size_t metadata_count() const { return families_.size(); }

  // Ends the generation; entries that it has not seen are forgotten. Returns the series that the
  // one before had tracked and this has not, in order of their first appearance.
  std::vector<SeriesRef> succeed();
  // Ends the generation as if nothing had been exposed; the entries stay, unless failures have
  // left too many: then only those of this generation do. Returns all tracked series.
  std::vector<SeriesRef> fail();
  // All tracked series.
  std::vector<SeriesRef> tracked() const;

 private:
  struct TextHash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return static_cast<size_t>(xxh64(text)); }
  };
  struct Tracked {
    SeriesRef ref;
    uint64_t since;    // The generation that it came with.
    uint64_t seen_in;  // The last one that it was in.
  };
  struct Family {
    MetricMetadata metadata;
    std::string written_help;
    uint64_t seen_in = 0;
  };
  using Families = std::map<std::string, Family, std::less<>>;

  Family& family_named(std::string_view name);

  void forget_unseen();
  void forget_old_families();

  uint64_t generation_ = 0;
  size_t seen_count_ = 0;       // Entries that this generation has visited.
  size_t succeeded_count_ = 0;  // Entries after the last success.
  std::unordered_map<std::string, CachedSeries, TextHash, std::equal_to<>> by_text_;
  std::vector<CachedSeries*> last_order_;  // As the last successful scrape exposed them.
  std::vector<CachedSeries*> order_;       // As this one does, so far.
  std::vector<Tracked> tracked_;
  std::unordered_map<uint64_t, size_t> tracked_at_;  // SeriesRef -> index into tracked_.
  Families families_;
  // A step for each line that describes one, as the two orders of series.
  std::vector<Families::iterator> last_described_;
  std::vector<Families::iterator> described_;
};

}  // namespace promenade::scrape
