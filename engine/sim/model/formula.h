#pragma once  // engine/sim/model/formula.h
// The arithmetic of world files: "draw(8, 14) * (1 + 0.12 * noise(7m)) * (1 + campaign)". A formula
// is compiled once, names become slots, and it is evaluated many times, each tick of each instance.
// Everything is a double; 0 is false, anything else true. All functions give the same bits natively
// and as WebAssembly.
//
//   numbers     3, 0.5, 42ms, 7m, 12h, 1d (seconds), 20MiB, 3GiB, 5% (0.05)
//   operators   or, and, not, < <= > >= == !=, + -, * /, unary -
//   functions   see kFunctions in formula.cc; course/worlds/README.md describes them
//   references  failed(payments.charge), sum(checkout.queue): what other services did
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "base/time.h"

namespace promenade::sim {

enum class Op : uint8_t {
  Number,   // number
  Local,    // a: slot of the instance
  Global,   // a: slot of the world
  Trouble,  // a: index of a trouble; its strength here, 0 when all is well
  Loop,     // a: which label loop of the metric; the index of the label's value
  Observe,  // a: service, b: endpoint or slot; `observation` says what
  Add,
  Subtract,
  Multiply,
  Divide,
  Negate,
  Less,
  LessOrEqual,
  Equal,
  NotEqual,
  And,
  Or,
  Not,
  Call,  // a: index of the function, b: how many arguments
};

// What a formula may ask about a service, or about an endpoint of it, in the last tick.
enum class Observation : uint8_t {
  Requests,   // Per second.
  Successes,  // Per second.
  Failures,   // Per second.
  FailedShare,
  Latency,  // Mean, in seconds.
  Running,  // How many instances.
  Sum,      // Of a value, over the running instances.
  Mean,
  Max,
};

inline constexpr uint32_t kEverything = UINT32_MAX;  // All endpoints; all services.
inline constexpr uint32_t kOwn = UINT32_MAX - 1;     // The instance's own, not a service's.

struct Instruction {
  Op op = Op::Number;
  Observation observation = Observation::Requests;
  uint32_t a = 0;
  uint32_t b = 0;
  double number = 0;
  uint64_t site = 0;  // Tells the draws and noises of one formula apart.
};

using Formula = std::vector<Instruction>;

// What names mean at the place where a formula stands.
class FormulaScope {
 public:
  virtual ~FormulaScope() = default;
  virtual std::optional<Instruction> name(std::string_view name) const = 0;
  // `reference` is SERVICE, SERVICE.ENDPOINT, SERVICE.VALUE, or an own ENDPOINT.
  virtual std::optional<Instruction> reference(Observation observation,
                                               std::string_view reference) const = 0;
  // All names, for "did you mean".
  virtual std::vector<std::string_view> names() const = 0;
  virtual std::vector<std::string> references(Observation observation) const = 0;
};

// The most instructions of a formula, and values on its stack.
inline constexpr size_t kFormulaSizeMax = 400;
inline constexpr size_t kFormulaDepthMax = 40;

// `site` has to differ between formulas of one world. The error's span is the place in `text`.
Result<Formula> compile_formula(std::string_view text, const FormulaScope& scope, uint64_t site);

class Observer {
 public:
  virtual ~Observer() = default;
  // `self` is who asks, for Instruction::a == kOwn.
  virtual double observe(const Instruction& instruction, size_t self) const = 0;
};

struct FormulaInputs {
  Timestamp at;
  std::span<const double> locals;
  std::span<const double> globals;
  std::span<const double> troubles;
  std::span<const double> loops;
  uint64_t seed = 0;         // Of the instance: what draw() and noise() depend on.
  Random* random = nullptr;  // For what is drawn anew each time.
  const Observer* observer = nullptr;
  size_t self = 0;  // The instance's index, for the observer.
};

double evaluate(const Formula& formula, const FormulaInputs& inputs);

}  // namespace promenade::sim
