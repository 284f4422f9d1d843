#pragma once  // engine/template/template.h
// Go's text/template language (https://pkg.go.dev/text/template), which Prometheus expands in the
// labels and annotations of alerts, and Alertmanager in its notifications. Parsing and execution
// are apart, so that a rule file with a broken template is refused before it is loaded.
//
//   TemplateSet set(kPrometheusFunctions);
//   TRY(set.parse("greeting", "{{ define \"name\" }}{{ . | toUpper }}{{ end }}Hi {{ template
//   \"name\" .Who }}")); const std::string text = TRY(set.execute("greeting", data, environment));
//
// Output and error texts are Go's, byte for byte where a user sees them:
//   template: __alert_Down:1:95: executing "__alert_Down" at <humanize>: error calling humanize:
//   ...
// A missing entry of a map is its zero value (missingkey=zero); "<no value>" where there is none.
//
// Execution can't hang or fill the memory: see Limits. A set may be read by several threads;
// parse() is exclusive.
//
// Prometheus's functions and the expansion of alerts are in prometheus_functions.h, Alertmanager's
// functions, its data and its default templates in alertmanager_functions.h.
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/labels.h"
#include "model/sample.h"
#include "template/value.h"

namespace promenade::templates {

// Each of them ends the execution (or, for nesting, the parsing) with an error of code Limit.
struct Limits {
  uint64_t output_bytes_max = 1 << 20;
  uint64_t steps_max = 1'000'000;     // Nodes executed and arguments evaluated, in all.
  uint32_t template_depth_max = 100;  // {{ template }} within {{ template }}.
};
inline constexpr uint32_t kNestingMax = 100;  // Blocks and parentheses within one another.

// One element of an instant query's result.
struct QueryElement {
  Labels labels;
  double value = 0;
  HistogramPtr histogram;  // When not null, the value.
};

// What functions may ask of the world.
struct Environment {
  // The evaluation's time (Prometheus) or the present (Alertmanager).
  Timestamp now;
  // As given by --web.external-url: "http://host:9090/prefix".
  std::string external_url;
  // Evaluates PromQL at `now`. A scalar is one element without labels; what is no vector either
  // fails with "rule result is not a vector or scalar". Without a callback, `query` fails.
  std::function<Result<std::vector<QueryElement>>(const std::string& expression)> query;
  // The zone of an IANA name ("Europe/Paris") at that instant: offset and abbreviation. Nothing
  // when the name is unknown.
  struct Zone {
    int32_t offset_seconds;
    std::string abbreviation;
  };
  std::function<std::optional<Zone>(const std::string& name, int64_t unix_seconds)> zone;
  Limits limits;
};

enum class Escaping : uint8_t {
  None,  // text/template
  Html,  // html/template as far as e-mails and consoles use it: by place in the page.
};

struct Tree;  // A parsed template; template/parser.h.

class TemplateSet {
 public:
  // `functions` are known besides Go's own (and, len, printf, ...); the table must outlive the set.
  explicit TemplateSet(std::span<const Function> functions, Escaping escaping = Escaping::None);

  // Adds the template `name` and all that it defines; later definitions replace earlier ones, but
  // an empty text never replaces. BadData with Go's message, and the span in `text`; the set is
  // then unchanged.
  Result<void> parse(std::string_view name, std::string_view text);

  bool has(std::string_view name) const;
  std::vector<std::string> names() const;  // Ascending.

  // Execution, Limit, or what a function failed with. The span, where there is one, is in the text
  // that defined the failing template.
  Result<std::string> execute(std::string_view name, const Value& data,
                              const Environment& environment) const;

  // Executes `text` as if it had been parsed under `name` into a copy of this set: a field of a
  // configuration that may use this set's templates.
  Result<std::string> expand(std::string_view name, std::string_view text, const Value& data,
                             const Environment& environment) const;

 private:
  void add(const std::vector<std::shared_ptr<const Tree>>& trees);

  std::span<const Function> functions_;
  Escaping escaping_;
  std::map<std::string, std::shared_ptr<const Tree>, std::less<>> trees_;
};

}  // namespace promenade::templates
