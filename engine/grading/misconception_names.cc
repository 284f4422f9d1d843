// engine/grading/misconception_names.cc
// The beliefs as somebody who holds them would put it. A code's number is its place in the table.
#include "grading/misconception_names.h"

#include <iterator>

#include "base/ascii.h"

namespace promenade::grading {
namespace {

constexpr std::string_view kNames[] = {
    "applications push their metrics to Prometheus",
    "up = 1 means that the service is healthy",
    "Prometheus scrapes every 15s by default",
    "what is missing counts as zero",
    "a counter's value is the present state",
    "sum first, rate later",
    "any window will do",
    "rate counts, and increase gives whole numbers",
    "functions for counters suit gauges, or the other way round",
    "histogram_quantile works without le",
    "quantiles and averages can be averaged",
    "quantiles of histograms are exact",
    "buckets do not overlap",
    "the +Inf bucket can be left out",
    "summaries can be aggregated",
    "operators ignore labels that only one side has",
    "a comparison gives true or false",
    "count counts the ones",
    "patterns match parts of a value",
    "5.. means 500",
    "only 200 is a success",
    "the unit or the scale will be right",
    "the labels sort themselves out",
    "and, or and unless work on values",
    "group_left mends any match",
    "offset shifts the whole expression",
    "a range can be drawn or added up",
    "the selector holds only what I have in mind",
    "an alert fires the moment its condition is true",
    "pending alerts notify",
    "$value is the threshold, or yes and no",
    "a comparison also finds what has vanished",
    "a rule that does nothing would raise an error",
    "every flag can stand in prometheus.yml",
    "the stages of relabelling are one",
    "relabelling adds values up",
    "a replace rule always writes",
    "__meta_ labels are stored",
    "labels that nobody defined have an effect",
    "two keep rules are an or",
    "external labels show in local queries",
    "honor_labels the other way round",
    "a missing selector selects all",
    "two Prometheus servers are a cluster",
    "federate everything",
    "retention decides about memory",
    "sample_limit cuts off",
    "cardinality is the number of labels",
    "names and suffixes do not matter",
    "identifiers make good labels",
    "Alertmanager evaluates rules",
    "every route that matches gets the alert",
    "group_wait, group_interval and repeat_interval are one",
    "inhibition needs no labels in common",
    "a silence stops the evaluation",
    "burn rate is the error rate",
    "a longer window is always better",
    "predict_linear's second argument is not seconds",
    "irate suits alerts and long graphs",
    "topk stays the same over a graph",
    "the slowest instance's percentile is the service's",
    "services belong on a Pushgateway",
    "a scrape interval may be as long as you like",
    "dashboards show everything",
    "dropping a label is safe",
    "counter resets need repair by hand",
    "page on causes",
    "a shard sees everything",
    "more rights mend it",
    "4xx are errors of the server",
    "what stands below a line is always done",
    "a page is there because somebody asks",
    "localhost is the same for everyone",
    "what is hard to find is safe",
    "one port is one process",
};

}  // namespace

std::string misconception_name(std::string_view code) {
  if (code.substr(0, 2) != "MC") return "";
  size_t number = 0;
  for (const char c : code.substr(2)) {
    if (!is_digit(c) || number > std::size(kNames)) return "";
    number = number * 10 + static_cast<size_t>(c - '0');
  }
  if (number == 0 || number > std::size(kNames)) return "";
  return std::string(kNames[number - 1]);
}

}  // namespace promenade::grading
