// engine/grading/kinds/exposition_edit.cc
// The kind exposition-edit: the answer is a page of metrics. It is read as a scrape reads it; then
// its families, series and values are compared with the reference's, and histograms have to add up.
#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <set>

#include "exposition/text_parser.h"
#include "grading/kind.h"
#include "grading/script.h"
#include "grading/setting_mapping.h"
#include "model/number_format.h"

namespace promenade::grading {
namespace {

using config::YamlFile;
using config::YamlMapping;
using config::YamlNode;

struct Sample {
  Labels labels;
  double value = 0;
};
struct Page {
  std::map<std::string, std::string> types;  // By family.
  std::set<std::string> helps;
  std::vector<Sample> samples;
};

Result<Page> read_page(std::string_view text) {
  // A last line without its end is read, too, but a scraper of OpenMetrics would not.
  exposition::TextParser parser(text);
  Page page;
  for (;;) {
    switch (TRY(parser.next())) {
      case exposition::EntryKind::Series:
        page.samples.push_back({TRY(parser.labels()), parser.value()});
        break;
      case exposition::EntryKind::Type:
        page.types[std::string(parser.family())] = to_string(parser.type());
        break;
      case exposition::EntryKind::Help:
        if (!parser.help().empty()) page.helps.insert(std::string(parser.family()));
        break;
      case exposition::EntryKind::End:
        return page;
      case exposition::EntryKind::Unit:
      case exposition::EntryKind::Comment:
        break;
    }
  }
}

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

class ExpositionEdit final : public Kind {
 public:
  enum Requirement : size_t { Types, Helps, Adds, Series, Values };

  std::vector<std::string> requirements() const override {
    return {"Every family has its type", "Every family has a help text",
            "Counters end in _total, no series stands twice, and histograms add up",
            "The series have the right names and labels", "Their values are right"};
  }

  Result<Observation> observe(std::string_view answer, HiddenWorlds&) const override {
    const Page page = TRY(read_page(answer));
    Observation observation;
    for (const auto& [family, type] : page.types) {
      observation.facts.push_back({Types, "`" + family + "`", type, std::nullopt, ""});
      if (type == "counter" && !ends_with(family, "_total")) {
        add_fault(observation, family,
                  "The counter `" + family + "` should be called `" + family + "_total`.");
      }
    }
    for (const std::string& family : page.helps) {
      observation.facts.push_back({Helps, "`" + family + "`", "has a help text", std::nullopt, ""});
    }
    std::set<std::string> seen;
    for (const Sample& sample : page.samples) {
      const std::string name = sample.labels.to_string();
      if (!seen.insert(name).second) {
        add_fault(observation, name,
                  "`" + name + "` stands there twice; a scrape keeps one of them.");
        continue;
      }
      observation.facts.push_back({Series, "`" + name + "`", "is there", std::nullopt, ""});
      observation.facts.push_back(
          {Values, "`" + name + "`", nine_digits(sample.value), std::nullopt, ""});
    }
    check_histograms(page, observation);
    return observation;
  }

 private:
  static void add_fault(Observation& out, const std::string& subject, std::string why) {
    out.facts.push_back(
        {Adds, subject + " " + std::to_string(out.facts.size()), "fault", false, std::move(why)});
  }

  // Buckets are cumulative, the last one is +Inf, and that is the count.
  static void check_histograms(const Page& page, Observation& out) {
    struct Histogram {
      std::map<double, double> buckets;
      double count = std::nan("");
    };
    std::map<std::string, Histogram> histograms;
    for (const Sample& sample : page.samples) {
      const std::string_view name = sample.labels.metric_name();
      for (const auto& [family, type] : page.types) {
        if (type != "histogram") continue;
        const std::string key =
            family + sample.labels.without_name().drop({std::string(kBucketLabel)}).to_string();
        if (name == family + "_count") histograms[key].count = sample.value;
        if (name != family + "_bucket") continue;
        const auto bound = parse_float(sample.labels.get(kBucketLabel));
        if (bound) histograms[key].buckets[*bound] = sample.value;
      }
    }
    for (const auto& [name, histogram] : histograms) {
      if (histogram.buckets.empty() || !std::isinf(histogram.buckets.rbegin()->first)) {
        add_fault(out, name, "The histogram `" + name + "` has no bucket `le=\"+Inf\"`.");
        continue;
      }
      double last = 0;
      bool is_rising = true;
      for (const auto& [bound, count] : histogram.buckets) {
        is_rising &= count >= last;
        last = count;
      }
      if (!is_rising) {
        add_fault(out, name,
                  "In `" + name +
                      "` a bucket holds less than the one below it: buckets "
                      "count everything up to their bound.");
      } else if (last != histogram.count) {
        add_fault(
            out, name,
            "In `" + name + "` the bucket `le=\"+Inf\"` and `_count` are not the same number.");
      }
    }
  }
};

}  // namespace

Result<std::shared_ptr<const Kind>> read_exposition_edit(const YamlFile& file, const YamlNode& node,
                                                         std::string_view) {
  YamlMapping mapping(file, node, "the setting of an exposition-edit");
  TRY(mapping.finish());
  return std::make_shared<ExpositionEdit>();
}

}  // namespace promenade::grading
