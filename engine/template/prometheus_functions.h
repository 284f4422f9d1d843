#pragma once  // engine/template/prometheus_functions.h
// Templates in Prometheus's rule files (not consoles, whose `tmpl` is missing here): the functions
// of https://prometheus.io/docs/prometheus/latest/configuration/template_reference/, and the
// expansion of an alert's labels and annotations with $labels, $value, $externalLabels and
// $externalURL.
#include <span>
#include <string>
#include <string_view>

#include "template/template.h"

namespace promenade::templates {

extern const std::span<const Function> kPrometheusFunctions;

// What a template of an alert sees: the sample it fired for.
struct AlertTemplateData {
  Labels labels;  // With __name__, if the expression kept it.
  Labels external_labels;
  std::string external_url;
  double value = 0;
  HistogramPtr histogram;  // When not null, $value.
};

// Expands one label or annotation. Fails as Prometheus does; the caller shows the message as
// "<error expanding template: MESSAGE>". Spans are in `text`.
Result<std::string> expand_alert_template(std::string_view alert_name, std::string_view text,
                                          const AlertTemplateData& data,
                                          const Environment& environment);

// Parses only, for checking a rule file. The message is the one that promtool shows after
// `annotation "summary": `; the span is in `text`.
Result<void> check_alert_template(std::string_view alert_name, std::string_view text);

}  // namespace promenade::templates
