#pragma once  // engine/grading/hidden_worlds.h
// The worlds that answers are tried in, and the questions that are asked there. A world is built
// when the first answer needs it, and kept.
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/executor.h"
#include "base/result.h"
#include "base/time.h"
#include "grading/outcome.h"
#include "model/queryable.h"
#include "promql/ast.h"
#include "promql/engine.h"
#include "sim/world.h"

namespace promenade::grading {

// One evaluation: an instant when start == end.
struct Probe {
  size_t world;
  promql::QueryRange range;
  bool is_instant() const { return range.start == range.end; }
};

class HiddenWorlds {
 public:
  HiddenWorlds(std::vector<uint64_t> seeds, Duration history);

  // For each seed: instants spread over the history, then ranges at two steps. The last instants
  // look at the newest data, where a learner looks.
  const std::vector<Probe>& probes() const { return probes_; }
  uint64_t seed(size_t world) const { return seeds_[world]; }
  size_t count() const { return seeds_.size(); }

  // Within the limits of answer_limits.h. Fails only when the world cannot be built; a query's own
  // failure is in the outcome.
  Result<Outcome> evaluate(const std::string& workload, const promql::Expr& expr,
                           const Probe& probe);

  // With what a world's queries are evaluated, and the limits of answer_limits.h.
  Result<promql::EngineOptions> engine_options(const std::string& workload, size_t world);
  Duration history() const { return history_; }

  // The samples of one world, for explaining why a query finds nothing.
  Result<const Queryable*> store(const std::string& workload, size_t world);

 private:
  Result<sim::World*> world(const std::string& workload, size_t index);

  std::vector<uint64_t> seeds_;
  Duration history_;
  std::vector<Probe> probes_;
  InlineExecutor executor_;
  std::map<std::pair<std::string, size_t>, std::unique_ptr<sim::World>> worlds_;
};

}  // namespace promenade::grading
