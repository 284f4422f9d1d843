// engine/sim/model/formula.cc
// A recursive-descent parser that emits postfix code, and the stack machine that runs it.
#include "sim/model/formula.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/strings.h"
#include "model/number_format.h"
#include "sim/portable_math.h"

namespace promenade::sim {
namespace {

struct Unit {
  std::string_view name;
  double factor;
};
constexpr Unit kUnits[] = {
    {"us", 1e-6}, {"ms", 1e-3},  {"s", 1},         {"m", 60},           {"h", 3600},
    {"d", 86400}, {"w", 604800}, {"%", 0.01},      {"kB", 1e3},         {"MB", 1e6},
    {"GB", 1e9},  {"KiB", 1024}, {"MiB", 1048576}, {"GiB", 1073741824}, {"TiB", 1099511627776.0},
};

enum class Function : uint8_t {
  Min,
  Max,
  Clamp,
  If,
  Sqrt,
  Abs,
  Floor,
  Round,
  Wave,
  Noise,
  Draw,
  DrawInteger,
  Uniform,
  Poisson,
  Chance,
  Pick,
  Phase,
  Within,
};

struct FunctionEntry {
  std::string_view name;
  size_t arguments_min;
  size_t arguments_max;
  std::string_view usage;
};
// In the order of Function.
constexpr FunctionEntry kFunctions[] = {
    {"min", 2, 8, "min(a, b, ...)"},
    {"max", 2, 8, "max(a, b, ...)"},
    {"clamp", 3, 3, "clamp(value, low, high)"},
    {"if", 3, 3, "if(condition, then, else)"},
    {"sqrt", 1, 1, "sqrt(x)"},
    {"abs", 1, 1, "abs(x)"},
    {"floor", 1, 1, "floor(x)"},
    {"round", 1, 1, "round(x)"},
    {"wave", 1, 2, "wave(period, phase): a sine of the time, phase in turns"},
    {"noise", 1, 1, "noise(period): a smooth random curve between -1 and 1"},
    {"draw", 2, 2, "draw(low, high): a number that this instance keeps"},
    {"draw_integer", 2, 2, "draw_integer(low, high): a whole number that this instance keeps"},
    {"uniform", 0, 0, "uniform(): a number in [0, 1), another one each tick"},
    {"poisson", 1, 1, "poisson(mean): how many events happen"},
    {"chance", 1, 1, "chance(probability): 1 or 0, drawn each tick"},
    {"pick", 2, 33, "pick(index, first, second, ...)"},
    {"phase", 1, 2, "phase(period, offset): seconds since the period began"},
    {"within", 3, 3, "within(value, from, to): 1 inside, also across midnight"},
};
static_assert(std::size(kFunctions) == static_cast<size_t>(Function::Within) + 1);

struct ObservationEntry {
  std::string_view name;
  Observation observation;
};
constexpr ObservationEntry kObservations[] = {
    {"requests", Observation::Requests}, {"successes", Observation::Successes},
    {"failures", Observation::Failures}, {"failed", Observation::FailedShare},
    {"latency", Observation::Latency},   {"running", Observation::Running},
    {"sum", Observation::Sum},           {"mean", Observation::Mean},
    {"max_of", Observation::Max},
};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// SplitMix64's finaliser.
uint64_t mix(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates) {
  const auto near = nearest(word, candidates);
  return near ? "; did you mean " + quote(*near) + "?" : "";
}

class Compiler {
 public:
  Compiler(std::string_view text, const FormulaScope& scope, uint64_t site)
      : text_(text), scope_(scope), site_(site) {}

  Result<Formula> run() {
    TRY(disjunction());
    skip_blanks();
    if (at_ < text_.size()) return error_here("an operator or the end of the formula");
    if (code_.size() > kFormulaSizeMax)
      return bad_data("the formula is too long", SourceSpan{0, 0});
    return std::move(code_);
  }

 private:
  // One level of precedence each.
  Result<void> disjunction() {
    TRY(conjunction());
    while (accept_word("or")) {
      TRY(conjunction());
      emit(Op::Or);
    }
    return {};
  }
  Result<void> conjunction() {
    TRY(negation());
    while (accept_word("and")) {
      TRY(negation());
      emit(Op::And);
    }
    return {};
  }
  Result<void> negation() {
    if (!accept_word("not")) return comparison();
    TRY(enter());
    TRY(negation());
    --depth_;
    emit(Op::Not);
    return {};
  }
  Result<void> comparison();
  Result<void> sum();
  Result<void> product();
  Result<void> factor();
  Result<void> number();
  Result<void> word();
  Result<void> call(std::string_view name, size_t begin);
  Result<void> observation(const ObservationEntry& entry);

  Result<void> enter() {
    if (++depth_ > kFormulaDepthMax) return bad_data("the formula is nested too deeply", span(at_));
    return {};
  }
  void emit(Op op) { code_.push_back({op}); }
  void emit_number(double number) {
    Instruction instruction;
    instruction.number = number;
    code_.push_back(instruction);
  }

  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }
  bool accept(std::string_view token) {
    skip_blanks();
    if (text_.substr(at_, token.size()) != token) return false;
    at_ += token.size();
    return true;
  }
  bool accept_word(std::string_view word) {
    skip_blanks();
    if (text_.substr(at_, word.size()) != word) return false;
    const size_t end = at_ + word.size();
    if (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]))) return false;
    at_ = end;
    return true;
  }
  std::string_view take_word(bool with_reference) {
    const size_t begin = at_;
    while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]) ||
                                  (with_reference && (text_[at_] == '.' || text_[at_] == '-')))) {
      ++at_;
    }
    return text_.substr(begin, at_ - begin);
  }

  SourceSpan span(size_t begin) const {
    return {static_cast<uint32_t>(begin), static_cast<uint32_t>(std::max(begin, at_))};
  }
  tl::unexpected<Error> error_here(std::string_view expected) {
    skip_blanks();
    const std::string found =
        at_ < text_.size() ? quote(text_.substr(at_, 1)) : std::string("the end of the formula");
    return bad_data("found " + found + ", expected " + std::string(expected), span(at_));
  }

  std::string_view text_;
  const FormulaScope& scope_;
  uint64_t site_;
  Formula code_;
  size_t at_ = 0;
  size_t depth_ = 0;
};

Result<void> Compiler::comparison() {
  TRY(sum());
  struct Entry {
    std::string_view token;
    Op op;
    bool is_swapped;
  };
  // Longer tokens first. a > b is b < a; the operands are side-effect free, so a negation does it.
  constexpr Entry kEntries[] = {{"<=", Op::LessOrEqual, false}, {">=", Op::Less, true},
                                {"==", Op::Equal, false},       {"!=", Op::NotEqual, false},
                                {"<", Op::Less, false},         {">", Op::LessOrEqual, true}};
  for (const Entry& entry : kEntries) {
    if (!accept(entry.token)) continue;
    TRY(sum());
    emit(entry.op);
    if (entry.is_swapped) emit(Op::Not);
    break;
  }
  return {};
}

Result<void> Compiler::sum() {
  TRY(product());
  while (true) {
    const bool is_plus = accept("+");
    if (!is_plus && !accept("-")) return {};
    TRY(product());
    emit(is_plus ? Op::Add : Op::Subtract);
  }
}

Result<void> Compiler::product() {
  TRY(factor());
  while (true) {
    const bool is_times = accept("*");
    if (!is_times && !accept("/")) return {};
    TRY(factor());
    emit(is_times ? Op::Multiply : Op::Divide);
  }
}

Result<void> Compiler::factor() {
  skip_blanks();
  if (accept("-")) {
    TRY(enter());
    TRY(factor());
    --depth_;
    emit(Op::Negate);
    return {};
  }
  if (accept("(")) {
    TRY(enter());
    TRY(disjunction());
    --depth_;
    if (!accept(")")) return error_here("\")\"");
    return {};
  }
  if (at_ < text_.size() && (is_digit(text_[at_]) || text_[at_] == '.')) return number();
  if (at_ < text_.size() && is_letter(text_[at_])) return word();
  return error_here("a number, a name or \"(\"");
}

Result<void> Compiler::number() {
  const size_t begin = at_;
  const auto digits = [this] {
    while (at_ < text_.size() && (is_digit(text_[at_]) || text_[at_] == '.')) ++at_;
  };
  digits();
  // 1e9, but not the unit of 1ex.
  if (at_ + 1 < text_.size() && text_[at_] == 'e' &&
      (is_digit(text_[at_ + 1]) || text_[at_ + 1] == '-')) {
    at_ += 2;
    digits();
  }
  const auto value = parse_float(text_.substr(begin, at_ - begin));
  if (!value) return bad_data("expected a number", span(begin));
  if (at_ < text_.size() && text_[at_] == '%') {
    ++at_;
    emit_number(*value / 100);
    return {};
  }
  const size_t unit_begin = at_;
  const std::string_view unit = take_word(false);
  if (unit.empty()) {
    emit_number(*value);
    return {};
  }
  for (const Unit& known : kUnits) {
    if (known.name != unit) continue;
    emit_number(*value * known.factor);
    return {};
  }
  return bad_data("unknown unit " + quote(unit) +
                      ", expected one of us ms s m h d w % kB MB GB KiB MiB GiB TiB",
                  span(unit_begin));
}

Result<void> Compiler::word() {
  const size_t begin = at_;
  const std::string_view name = take_word(false);
  if (accept("(")) {
    TRY(enter());
    TRY(call(name, begin));
    --depth_;
    return {};
  }
  const auto found = scope_.name(name);
  if (!found) {
    const auto names = scope_.names();
    return bad_data("unknown name " + quote(name) + did_you_mean(name, names), span(begin));
  }
  code_.push_back(*found);
  return {};
}

Result<void> Compiler::call(std::string_view name, size_t begin) {
  for (const ObservationEntry& entry : kObservations) {
    if (entry.name == name) return observation(entry);
  }
  const auto function =
      std::find_if(std::begin(kFunctions), std::end(kFunctions),
                   [&](const FunctionEntry& entry) { return entry.name == name; });
  if (function == std::end(kFunctions)) {
    std::vector<std::string_view> names;
    for (const FunctionEntry& entry : kFunctions) names.push_back(entry.name);
    for (const ObservationEntry& entry : kObservations) names.push_back(entry.name);
    return bad_data("unknown function " + quote(name) + did_you_mean(name, names), span(begin));
  }
  size_t count = 0;
  if (!accept(")")) {
    do {
      TRY(disjunction());
      ++count;
    } while (accept(","));
    if (!accept(")")) return error_here("\",\" or \")\"");
  }
  if (count < function->arguments_min || count > function->arguments_max) {
    return bad_data(quote(name) + " has " + std::to_string(count) + " arguments, expected " +
                        std::string(function->usage),
                    span(begin));
  }
  Instruction instruction;
  instruction.op = Op::Call;
  instruction.a = static_cast<uint32_t>(function - std::begin(kFunctions));
  instruction.b = static_cast<uint32_t>(count);
  instruction.site = mix(site_ * 1024 + code_.size() + 1);
  code_.push_back(instruction);
  return {};
}

Result<void> Compiler::observation(const ObservationEntry& entry) {
  skip_blanks();
  const size_t begin = at_;
  const std::string_view reference = take_word(true);
  if (!accept(")")) return error_here("\")\" after one service, SERVICE.ENDPOINT or SERVICE.VALUE");
  const auto found = scope_.reference(entry.observation, reference);
  if (!found) {
    const auto known = scope_.references(entry.observation);
    const std::vector<std::string_view> views(known.begin(), known.end());
    return bad_data(
        "there is no " + quote(reference) + " to observe" + did_you_mean(reference, views),
        span(begin));
  }
  code_.push_back(*found);
  return {};
}

double modulo(double value, double period) {
  if (!(period > 0)) return 0;
  return value - std::floor(value / period) * period;
}

double call_function(const Instruction& instruction, const double* arguments,
                     const FormulaInputs& inputs) {
  const uint64_t seed = mix(inputs.seed + instruction.site);
  const auto drawn = [seed] { return static_cast<double>(seed >> 11) / 9007199254740992.0; };
  switch (static_cast<Function>(instruction.a)) {
    case Function::Min:
      return *std::min_element(arguments, arguments + instruction.b);
    case Function::Max:
      return *std::max_element(arguments, arguments + instruction.b);
    case Function::Clamp:
      return std::max(arguments[1], std::min(arguments[0], arguments[2]));
    case Function::If:
      return arguments[0] != 0 ? arguments[1] : arguments[2];
    case Function::Sqrt:
      return arguments[0] > 0 ? std::sqrt(arguments[0]) : 0;
    case Function::Abs:
      return std::fabs(arguments[0]);
    case Function::Floor:
      return std::floor(arguments[0]);
    case Function::Round:
      return std::floor(arguments[0] + 0.5);
    case Function::Wave: {
      const double turns = arguments[0] > 0 ? inputs.at.in_seconds() / arguments[0] : 0;
      return sine_of_turns(turns + (instruction.b > 1 ? arguments[1] : 0));
    }
    case Function::Noise: {
      const double period_ms = std::clamp(arguments[0] * 1000, 1000.0, 1e12);
      return SmoothNoise(seed, Duration::milliseconds(static_cast<int64_t>(period_ms)))
          .at(inputs.at);
    }
    case Function::Draw:
      return arguments[0] + (arguments[1] - arguments[0]) * drawn();
    case Function::DrawInteger:
      return std::floor(arguments[0] + (arguments[1] - arguments[0] + 1) * drawn());
    case Function::Uniform:
      return inputs.random == nullptr ? 0.5 : inputs.random->uniform();
    case Function::Poisson:
      if (inputs.random == nullptr) return arguments[0];
      return static_cast<double>(poisson(*inputs.random, std::min(arguments[0], 1e15)));
    case Function::Chance:
      return inputs.random != nullptr && inputs.random->chance(arguments[0]) ? 1 : 0;
    case Function::Pick: {
      const double last = static_cast<double>(instruction.b) - 2;
      const double index = std::max(0.0, std::min(std::floor(arguments[0]), last));
      return arguments[1 + static_cast<size_t>(index)];
    }
    case Function::Phase:
      return modulo(inputs.at.in_seconds() - (instruction.b > 1 ? arguments[1] : 0), arguments[0]);
    case Function::Within:
      if (arguments[1] <= arguments[2]) {
        return arguments[1] <= arguments[0] && arguments[0] < arguments[2] ? 1 : 0;
      }
      return arguments[1] <= arguments[0] || arguments[0] < arguments[2] ? 1 : 0;
  }
  return 0;
}

double slot(std::span<const double> values, uint32_t index) {
  return index < values.size() ? values[index] : 0;
}

// Whatever a formula says, the model can count with it.
double bounded(double value) {
  constexpr double kMagnitudeMax = 1e18;
  if (std::isnan(value)) return 0;
  return std::clamp(value, -kMagnitudeMax, kMagnitudeMax);
}

double binary(Op op, double a, double b) {
  switch (op) {
    case Op::Add:
      return a + b;
    case Op::Subtract:
      return a - b;
    case Op::Multiply:
      return a * b;
    case Op::Divide:
      return b == 0 ? 0 : a / b;  // Nothing out of nothing, not NaN, keeps models going.
    case Op::Less:
      return a < b;
    case Op::LessOrEqual:
      return a <= b;
    case Op::Equal:
      return a == b;
    case Op::NotEqual:
      return a != b;
    case Op::And:
      return a != 0 && b != 0;
    case Op::Or:
      return a != 0 || b != 0;
    default:
      return 0;
  }
}

}  // namespace

Result<Formula> compile_formula(std::string_view text, const FormulaScope& scope, uint64_t site) {
  return Compiler(text, scope, site).run();
}

double evaluate(const Formula& formula, const FormulaInputs& inputs) {
  // Most are one number or one name.
  if (formula.size() == 1 && formula[0].op == Op::Number) return formula[0].number;
  if (formula.size() == 1 && formula[0].op == Op::Local) return slot(inputs.locals, formula[0].a);
  std::array<double, kFormulaSizeMax> stack;
  size_t size = 0;
  for (const Instruction& instruction : formula) {
    switch (instruction.op) {
      case Op::Number:
        stack[size++] = instruction.number;
        break;
      case Op::Local:
        stack[size++] = slot(inputs.locals, instruction.a);
        break;
      case Op::Global:
        stack[size++] = slot(inputs.globals, instruction.a);
        break;
      case Op::Trouble:
        stack[size++] = slot(inputs.troubles, instruction.a);
        break;
      case Op::Loop:
        stack[size++] = slot(inputs.loops, instruction.a);
        break;
      case Op::Observe:
        stack[size++] =
            inputs.observer == nullptr ? 0 : inputs.observer->observe(instruction, inputs.self);
        break;
      case Op::Negate:
        stack[size - 1] = -stack[size - 1];
        break;
      case Op::Not:
        stack[size - 1] = stack[size - 1] == 0;
        break;
      case Op::Call: {
        size -= instruction.b;
        stack[size] = call_function(instruction, stack.data() + size, inputs);
        ++size;
        break;
      }
      default:
        --size;
        stack[size - 1] = binary(instruction.op, stack[size - 1], stack[size]);
        break;
    }
  }
  return size == 0 ? 0 : bounded(stack[0]);
}

}  // namespace promenade::sim
