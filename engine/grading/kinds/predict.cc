// engine/grading/kinds/predict.cc
// The kind predict: the learner says what a query gives before running it. The engine computes it
// over the series that the task shows, or asks a Prometheus that has scraped the setting's hosts,
// so the answer is never a constant of the author's.
#include <algorithm>
#include <cmath>
#include <memory>

#include "base/strings.h"
#include "grading/kind.h"
#include "grading/lab.h"
#include "grading/script.h"
#include "grading/setting_mapping.h"
#include "model/duration.h"
#include "model/number_format.h"
#include "promql/features.h"
#include "promql/parser/parser.h"

namespace promenade::grading {
namespace {

using config::Presence;
using config::YamlFile;
using config::YamlNode;

enum class Asks { Value, Count, Type, Labels };
constexpr std::string_view kAsks[] = {"value", "count", "type", "labels"};

// Values that agree to this part are the same prediction.
constexpr double kTolerance = 0.005;

struct Setting {
  // The data are either series,
  std::vector<promql::SeriesLine> series;
  Duration interval = Duration::seconds(15);
  // or what a Prometheus with this configuration has scraped.
  LabSetting lab;
  std::string config;
  Duration at;
  std::string query;
  Asks asks = Asks::Value;
};

// What it is: a number as text, "nothing", "error", a type, or a list of label sets.
Result<std::string> computed(const Setting& setting, const Queryable& store) {
  const auto expr = promql::parse(setting.query, promql::Features::all().parser_options());
  if (!expr) return std::string("error");
  if (setting.asks == Asks::Type) return std::string(promql::document_name((*expr)->type));
  const auto rows = evaluate_rows(store, setting.query, kScriptStart + setting.at);
  if (!rows) return std::string("error");
  if (setting.asks == Asks::Count) return std::to_string(rows->size());
  if (rows->empty()) return std::string("nothing");
  if (setting.asks == Asks::Labels) {
    std::string text;
    for (const ResultRow& row : *rows) text += (text.empty() ? "" : " ") + row.labels;
    return text;
  }
  if (rows->size() != 1) {
    return fail(ErrorCode::BadData, "the query gives " + std::to_string(rows->size()) +
                                        " values; ask for a query that gives one, or for count");
  }
  return rows->front().value;
}

std::string without_blanks(std::string_view text) {
  std::string dense;
  for (const char c : to_lower(text)) {
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r' && c != '"' && c != '`') dense += c;
  }
  return dense;
}

// "0.5/s", "30 %" and "1e3" are numbers here.
std::optional<double> number_in(std::string_view text) {
  text = trim(text);
  for (size_t size = text.size(); size > 0; --size) {
    const auto value = parse_float(trim(text.substr(0, size)));
    if (value) return *value;
  }
  return std::nullopt;
}

bool is_nothing(std::string_view dense) {
  for (const std::string_view word : {"nothing", "empty", "none", "noseries", "noresult", "{}"}) {
    if (dense == word) return true;
  }
  return false;
}

bool agrees(const std::string& truth, std::string_view answer) {
  const std::string dense = without_blanks(answer);
  if (truth == "nothing") return is_nothing(dense);
  if (truth == "error") return dense == "error" || dense == "anerror" || dense == "parseerror";
  const auto expected = parse_float(truth);
  if (!expected) return dense == without_blanks(truth);
  const auto found = number_in(answer);
  if (!found) return false;
  if (std::isnan(*expected)) return std::isnan(*found);
  if (std::isinf(*expected) || std::isinf(*found)) return *expected == *found;
  return std::fabs(*expected - *found) <= kTolerance * std::fabs(*expected) + 1e-12;
}

class Predict final : public Kind {
 public:
  explicit Predict(std::string truth) : truth_(std::move(truth)) {}

  std::vector<std::string> requirements() const override {
    return {"The prediction is what the engine computes"};
  }
  bool may_show_expected() const override { return false; }
  std::string truth() const override { return truth_; }
  Least least() const override { return {1, Least().misconceptions}; }

  // A factor wrong, one more or less, a sign, and what is not a number.
  std::vector<AnswerMutant> mutants() const override {
    std::vector<std::string> texts = {"nothing", "error", "NaN", "+Inf", "0", "1", "2", "100"};
    for (const std::string_view type : {"scalar", "string", "instant vector", "range vector"}) {
      texts.emplace_back(type);
    }
    if (const auto truth = parse_float(truth_)) {
      for (const double factor : {10.0, 0.1, 100.0, 0.01, 60.0, 1 / 60.0, 2.0, 0.5, -1.0}) {
        texts.push_back(nine_digits(*truth * factor));
      }
      texts.push_back(nine_digits(*truth + 1));
      texts.push_back(nine_digits(*truth - 1));
      texts.push_back(nine_digits(1 / *truth));
    }
    std::vector<AnswerMutant> mutants;
    for (std::string& text : texts) {
      if (!agrees(truth_, text)) mutants.push_back({std::move(text), "another result", ""});
    }
    return mutants;
  }

  Result<Observation> observe(std::string_view answer, HiddenWorlds&) const override {
    Observation observation;
    const bool holds = agrees(truth_, answer);
    observation.facts.push_back({0, "The prediction", holds ? "right" : "wrong", holds,
                                 "The engine computes something else."});
    if (!holds) {
      const auto number = number_in(answer);
      const std::string dense = without_blanks(answer);
      observation.trace = number ? nine_digits(*number) : is_nothing(dense) ? "nothing" : dense;
    }
    return observation;
  }

 private:
  std::string truth_;
};

Result<std::string> truth_of(const Setting& setting) {
  if (setting.config.empty()) {
    tsdb::Head head;
    SeriesFeed(setting.series, setting.interval).append_until(head, kScriptStart + setting.at);
    return computed(setting, head);
  }
  Lab lab(setting.lab);
  TRY(lab.run(setting.config, setting.at));
  return computed(setting, lab.head());
}

}  // namespace

Result<std::shared_ptr<const Kind>> read_predict(const YamlFile& file, const YamlNode& node,
                                                 std::string_view) {
  Setting setting;
  SettingMapping mapping(file, node, "the setting of a prediction");
  mapping.series("series", setting.series);
  mapping.interval("interval", setting.interval);
  mapping.text("config", setting.config);
  read_lab(mapping, setting.lab);
  mapping.duration("at", setting.at);
  mapping.text("query", setting.query, Presence::Required);
  size_t asks = 0;
  mapping.choice("asks", kAsks, asks);
  TRY(mapping.finish());
  const bool has_lab = !setting.lab.hosts.empty() || !setting.lab.files.empty();
  if (has_lab && setting.config.empty()) {
    return file.error_at(node, "hosts and files need a config: the prometheus.yml that scrapes");
  }
  if (!setting.config.empty() && !setting.series.empty()) {
    return mapping.error_at("series",
                            "the data are either series, or scraped from hosts by the config; of "
                            "a host's own, write series below the host");
  }
  if (setting.at > kLabRunMax && !setting.config.empty()) {
    return mapping.error_at("at", kLabRunsTooLong);
  }
  setting.asks = static_cast<Asks>(asks);
  auto truth = truth_of(setting);
  if (!truth) return file.error_at(node, truth.error().message);
  return std::make_shared<Predict>(std::move(*truth));
}

}  // namespace promenade::grading
