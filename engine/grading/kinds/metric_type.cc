// engine/grading/kinds/metric_type.cc
// The kind metric-type: the answer names a type for each of several measurements, a line each:
// `requests_served: counter`. A wrong type is refuted by the measurement's own values where they
// can do it: a counter never falls, a gauge does.
#include <algorithm>
#include <map>
#include <memory>

#include "base/strings.h"
#include "grading/kind.h"
#include "grading/script.h"
#include "grading/setting_mapping.h"

namespace promenade::grading {
namespace {

using config::Presence;
using config::YamlFile;
using config::YamlMapping;
using config::YamlNode;

constexpr std::string_view kTypes[] = {"counter", "gauge", "histogram", "summary"};

struct Item {
  std::string name;
  std::string type;            // The right one.
  std::vector<double> values;  // What it does over time; empty for distributions.
  std::string why;             // What tells the type.
};

class MetricTypes final : public Kind {
 public:
  explicit MetricTypes(std::vector<Item> items) : items_(std::move(items)) {}

  std::vector<std::string> requirements() const override {
    std::vector<std::string> texts;
    for (const Item& item : items_) texts.push_back("`" + item.name + "` has the right type");
    return texts;
  }
  bool may_show_expected() const override { return false; }
  Least least() const override { return {1, Least().misconceptions}; }

  // Each measurement with each other type, and without any.
  std::vector<AnswerMutant> mutants() const override {
    std::vector<AnswerMutant> mutants;
    for (const Item& wrong : items_) {
      for (const std::string_view type : kTypes) {
        if (type != wrong.type) mutants.push_back({types_with(wrong, type), "another type", ""});
      }
      mutants.push_back({types_with(wrong, ""), "a line left out", ""});
    }
    return mutants;
  }

  Result<Observation> observe(std::string_view answer, HiddenWorlds&) const override {
    const YamlFile file = TRY(YamlFile::parse("answer", answer));
    std::map<std::string, std::string> chosen;
    YamlMapping mapping(file, file.root(), "the list of types");
    for (const Item& item : items_) {
      const YamlNode* node = mapping.find(item.name);
      if (node == nullptr) continue;
      size_t index = 0;
      mapping.choice(item.name, kTypes, index);
      chosen[item.name] = kTypes[index];
    }
    TRY(mapping.finish());
    Observation observation;
    for (size_t i = 0; i < items_.size(); ++i) {
      const Item& item = items_[i];
      const std::string type = chosen[item.name];
      observation.facts.push_back(
          {i, "`" + item.name + "`", type, type == item.type, refutation(item, type)});
    }
    return observation;
  }

 private:
  // The right answer, but of one item with this type; "" leaves its line out.
  std::string types_with(const Item& changed, std::string_view type) const {
    std::string text;
    for (const Item& item : items_) {
      const std::string_view written = &item == &changed ? type : std::string_view(item.type);
      if (!written.empty()) text += item.name + ": " + std::string(written) + "\n";
    }
    return text;
  }

  static std::string refutation(const Item& item, std::string_view type) {
    const std::string name = "`" + item.name + "`";
    if (type.empty()) return "Nothing is said about " + name + " yet.";
    const auto fall = std::adjacent_find(item.values.begin(), item.values.end(),
                                         [](double a, double b) { return b < a; });
    if (type == "counter" && fall != item.values.end()) {
      return name + " falls from " + nine_digits(*fall) + " to " + nine_digits(*(fall + 1)) +
             " while the process runs; a counter only grows. " + item.why;
    }
    return name + " is not a " + std::string(type) + ". " + item.why;
  }

  std::vector<Item> items_;
};

Result<Item> read_item(const YamlFile& file, const YamlNode& node) {
  Item item;
  YamlMapping mapping(file, node, "an item");
  mapping.text("name", item.name, Presence::Required);
  size_t type = 0;
  mapping.choice("type", kTypes, type);
  mapping.find("type", Presence::Required);
  mapping.text("why", item.why, Presence::Required);
  std::string values;
  mapping.text("values", values);
  const auto parsed = promql::parse_series_values(values);
  if (!values.empty() && !parsed) {
    mapping.require(mapping.error_at("values", parsed.error().message));
  } else if (!values.empty()) {
    for (const promql::SeriesValue& value : *parsed) item.values.push_back(value.value);
  }
  TRY(mapping.finish());
  item.type = kTypes[type];
  return item;
}

}  // namespace

Result<std::shared_ptr<const Kind>> read_metric_type(const YamlFile& file, const YamlNode& node,
                                                     std::string_view) {
  std::vector<Item> items;
  SettingMapping mapping(file, node, "the setting of a metric-type");
  mapping.items("items", read_item, items, Presence::Required);
  TRY(mapping.finish());
  return std::make_shared<MetricTypes>(std::move(items));
}

}  // namespace promenade::grading
