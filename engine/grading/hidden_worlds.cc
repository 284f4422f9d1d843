// engine/grading/hidden_worlds.cc
// Probe times are odd on purpose: an answer that is right only on the minute is wrong.
#include "grading/hidden_worlds.h"

#include <utility>

#include "grading/answer_limits.h"

namespace promenade::grading {
namespace {

// How long before the end of the history the instants are, in parts of a thousand of it.
constexpr int64_t kInstantsBeforeEnd[] = {0, 31, 97, 203, 349, 466, 571, 788};

struct RangeProbe {
  int64_t start_before_end;  // In parts of a thousand of the history.
  Duration step;
};
// The second one ends well before the last minutes, and steps finely.
constexpr RangeProbe kRanges[] = {{930, Duration::seconds(270)}, {240, Duration::seconds(35)}};

std::vector<Probe> make_probes(size_t world_count, Timestamp end, Duration history) {
  std::vector<Probe> probes;
  const auto before_end = [&](int64_t thousandths) {
    return Timestamp{end.ms - history.ms * thousandths / 1000};
  };
  for (size_t world = 0; world < world_count; ++world) {
    for (const int64_t thousandths : kInstantsBeforeEnd) {
      const Timestamp at = before_end(thousandths);
      probes.push_back({world, {at, at}});
    }
    for (const RangeProbe& range : kRanges) {
      probes.push_back({world, {before_end(range.start_before_end), end, range.step}});
    }
  }
  return probes;
}

}  // namespace

HiddenWorlds::HiddenWorlds(std::vector<uint64_t> seeds, Duration history)
    : seeds_(std::move(seeds)),
      history_(history),
      probes_(make_probes(seeds_.size(), sim::WorldOptions().start + history, history)) {}

Result<sim::World*> HiddenWorlds::world(const std::string& workload, size_t index) {
  std::unique_ptr<sim::World>& world = worlds_[{workload, index}];
  if (world == nullptr) {
    sim::WorldOptions options;
    options.workload = workload;
    options.seed = seeds_[index];
    options.history = history_;
    world = TRY(sim::World::create(options));
  }
  return world.get();
}

Result<const Queryable*> HiddenWorlds::store(const std::string& workload, size_t index) {
  sim::World* found = TRY(world(workload, index));
  return &found->prometheus().head();
}

Result<promql::EngineOptions> HiddenWorlds::engine_options(const std::string& workload,
                                                           size_t index) {
  sim::World* found = TRY(world(workload, index));
  promql::EngineOptions options = found->prometheus().engine_options();
  options.samples_max = kAnswerSamplesMax;
  return options;
}

Result<Outcome> HiddenWorlds::evaluate(const std::string& workload, const promql::Expr& expr,
                                       const Probe& probe) {
  sim::World* found = TRY(world(workload, probe.world));
  const Queryable& samples = found->prometheus().head();
  const promql::EngineOptions options = TRY(engine_options(workload, probe.world));
  const auto allowed = check_subquery_steps(expr, probe.range, options.subquery_step_default);
  if (!allowed) return make_outcome(tl::unexpected(allowed.error()));
  if (probe.is_instant()) {
    return make_outcome(
        promql::evaluate_instant(expr, probe.range.start, samples, executor_, options));
  }
  return make_outcome(promql::evaluate_range(expr, probe.range, samples, executor_, options));
}

}  // namespace promenade::grading
