#pragma once  // engine/sim/model/page.h
// From an instance to what it answers on /metrics. The text in front of each value is made when the
// page's structure changes; a scrape only copies it and appends digits, because a world with two
// hours of history writes several hundred thousand lines before the learner sees anything.
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "sim/model/instance.h"

namespace promenade::sim {

// Makes families, bindings and cells of an instance anew; cells of series that stay keep their
// values. `instances` are those of the world, for metrics about others.
class PageBuilder {
 public:
  // Evaluates a formula in the scope of an instance.
  using Evaluate = std::function<double(FormulaId, const Instance&, std::span<const double>)>;

  PageBuilder(const WorldDefinition& world, const std::vector<Instance>& instances,
              Evaluate evaluate);
  void build(Instance& instance);

 private:
  void add_requests(Instance& instance, const RequestsDefinition& requests);
  void add_endpoint(Instance& instance, const RequestsDefinition& requests, size_t index);
  void add_metric(Instance& instance, const MetricDefinition& metric);
  void add_metric_about(Instance& instance, const MetricDefinition& metric, const Instance& target);
  void add_series(Instance& instance, const MetricDefinition& metric, const Instance& target,
                  TextPairs labels, size_t loop, std::vector<double> indices);
  void bind(Instance& instance, const MetricDefinition& metric, const Instance& target,
            const TextPairs& labels, std::vector<double> indices);

  const WorldDefinition& world_;
  const std::vector<Instance>& instances_;
  Evaluate evaluate_;
};

// Appends the page in Prometheus's text format 0.0.4.
void render_page(const Instance& instance, std::string& out);

// A value as a page shows it; the same digits everywhere.
void append_value(std::string& out, double value, CellStyle style);

}  // namespace promenade::sim
