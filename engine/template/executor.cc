// engine/template/executor.cc
// After Go's text/template/exec.go. Go reports an error at the node it looked at last, so at_ moves
// exactly as it does there; the order of the steps below is therefore part of what users see.
#include "template/executor.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/check.h"
#include "base/strings.h"
#include "template/builtins.h"
#include "template/go_format.h"
#include "template/html_escaper.h"

namespace promenade::templates {
namespace {

// What a text of that many bytes costs beside the step that makes it: templates that double a
// text in a loop run out of steps and not of memory.
constexpr uint64_t kBytesPerStep = 64;
// What printing or copying an element of a list or of a map costs, as a share of a step.
constexpr uint64_t kElementsPerStep = 4;
// Lists within lists, which templates can make of `list`, `append` and `dict`: what the stack bears
// when they are printed, or go away.
constexpr uint32_t kValueDepthMax = 100;
// Blocks, templates and pipelines within one another, in all: what the stack of the page's engine
// bears.
constexpr uint32_t kExecutionDepthMax = 256;

struct ParameterType {
  char letter;
  std::string_view name;
  const Type* type;
  bool may_be_nil;
};
const std::array<ParameterType, 10> kParameterTypes = {{
    {'a', "interface {}", nullptr, true},
    {'s', "string", &kStringType, false},
    {'f', "float64", &kFloat64Type, false},
    {'i', "int", &kIntType, false},
    {'b', "bool", &kBoolType, false},
    {'S', "[]string", &kStringListType, true},
    {'t', "time.Time", &kTimeType, false},
    {'d', "time.Duration", &kDurationType, false},
    {'e', "*template.sample", &kSampleType, true},
    {'E', "template.queryResult", &kQueryResultType, true},
}};

const ParameterType& parameter_type(char letter) {
  const auto found = std::find_if(kParameterTypes.begin(), kParameterTypes.end(),
                                  [&](const ParameterType& type) { return type.letter == letter; });
  CHECK(found != kParameterTypes.end());
  return *found;
}

// A function's parameters, read from its letters.
class Signature {
 public:
  explicit Signature(std::string_view letters) : letters_(letters) {
    is_variadic_ = !letters.empty() && letters.back() == '*';
    if (is_variadic_) letters_.remove_suffix(1);
  }

  bool is_variadic() const { return is_variadic_; }
  // Without the repeated one.
  size_t fixed_count() const { return letters_.size() - (is_variadic_ ? 1 : 0); }
  const ParameterType& at(size_t index) const {
    return parameter_type(letters_[std::min(index, letters_.size() - 1)]);
  }

 private:
  std::string_view letters_;
  bool is_variadic_;
};

// How much there is to print in a value that templates may have put together. Such a value is small
// and still prints as a great deal, since it can hold one and the same list many times over, and
// that list another one; so the count stops where `weight` passes `weight_max`.
struct Extent {
  uint64_t weight_max;
  uint64_t weight = 0;  // In elements.
  uint32_t depth = 0;   // Of the deepest list in it.

  void add(const Value& value, uint32_t level) {
    ++weight;
    depth = std::max(depth, level);
    if (weight > weight_max || level > kValueDepthMax) return;
    switch (value.kind()) {
      case Kind::String:
        weight += value.as_text().size() * kElementsPerStep / kBytesPerStep;
        break;
      case Kind::List:
        for (const Value& element : value.as_list()) add_inner(element, level);
        break;
      case Kind::Map:
        for (const auto& [key, element] : value.as_entries()) add_inner(element, level);
        break;
      case Kind::Record:
        for (const Value& field : value.as_fields()) add_inner(field, level);
        break;
      default:
        break;
    }
  }
  void add_inner(const Value& value, uint32_t level) {
    if (weight <= weight_max && depth <= kValueDepthMax) add(value, level + 1);
  }
};

// Of anything: what `list`, `append` and `dict` make. Other values can't nest.
bool is_put_together(const Value& value) {
  return value.type() == &kAnyListType || value.type() == &kAnyMapType;
}

// How a node ended: {{ break }} and {{ continue }} leave everything up to their {{ range }}.
enum class Flow : uint8_t { Next, Break, Continue };

struct Variable {
  std::string_view name;
  Value value;
};

class Executor {
 public:
  Executor(const TreeMap& trees, std::span<const Function> functions, Escaping escaping,
           const Environment& environment)
      : trees_(trees), functions_(functions), environment_(environment) {
    if (escaping == Escaping::Html) escaper_.emplace();
  }

  Result<std::string> run(const Tree& tree, const Value& data);

 private:
  struct Depth {
    explicit Depth(Executor& executor) : executor_(executor) { ++executor_.depth_; }
    ~Depth() { --executor_.depth_; }
    Executor& executor_;
  };
  using Nodes = std::span<const Node>;
  using Final = const Value*;  // What the stage before in the pipeline gave; null for none.

  tl::unexpected<Error> fails(std::string message, ErrorCode code = ErrorCode::Execution) const;
  Result<void> step(uint64_t cost = 1);
  Result<void> check_depth() const;
  Result<void> pay_for(const Value& value);
  Result<void> write(std::string_view text);
  Result<void> print(const Value& value, const Node& pipe);

  Result<Flow> walk(const Value& dot, const Node& node);
  Result<Flow> walk_list(const Value& dot, const Node& list);
  Result<Flow> walk_if_or_with(const Value& dot, const Node& node);
  Result<Flow> walk_range(const Value& dot, const Node& node);
  Result<bool> iterate(const Node& node, const Value& list);
  Result<bool> iterate_count(const Node& node, int64_t count);
  Result<Flow> iteration(const Node& node, Value index, const Value& element);
  Result<void> walk_template(const Value& dot, const Node& node);

  Result<Value> pipeline(const Value& dot, const Node& pipe);
  Result<Value> command(const Value& dot, const Node& command, Final final);
  Result<void> refuse_arguments(Nodes arguments, Final final);
  Result<Value> constant(const Node& number);
  Result<Value> chain(const Value& dot, const Node& node, Nodes arguments, Final final);
  Result<Value> variable(const Value& dot, const Node& node, Nodes arguments, Final final);
  Result<Value> fields(const Value& dot, Value receiver, const Node& node, size_t first_name,
                       Nodes arguments, Final final);
  Result<Value> field(const Value& dot, const std::string& name, const Node& node, Nodes arguments,
                      Final final, const Value& receiver);
  Result<Value> function(const Value& dot, const Node& node, const Node& whole, Nodes arguments,
                         Final final);
  Result<Value> call(const Value& dot, const Function& function, const Value* receiver,
                     const Node& node, Nodes arguments, Final final);
  Result<Value> and_or(const Value& dot, bool is_or, Nodes arguments, Final final);
  Result<Value> argument(const Value& dot, const ParameterType& type, const Node& node);
  Result<Value> literal(const ParameterType& type, const Node& node);
  Result<Value> validate(Value value, const ParameterType& type);

  Result<Value*> variable_named(std::string_view name);

  const TreeMap& trees_;
  std::span<const Function> functions_;
  const Environment& environment_;
  std::optional<HtmlEscaper> escaper_;
  std::string out_;
  const Tree* tree_ = nullptr;
  const Node* at_ = nullptr;
  std::vector<Variable> variables_;
  size_t variables_begin_ = 0;  // Of the template being executed: it sees none of its caller's.
  uint64_t steps_ = 0;
  uint32_t depth_ = 0;
  uint32_t templates_open_ = 0;
};

Result<std::string> Executor::run(const Tree& tree, const Value& data) {
  tree_ = &tree;
  variables_ = {{"$", data}};
  TRY(walk(data, tree.root));
  return std::move(out_);
}

tl::unexpected<Error> Executor::fails(std::string message, ErrorCode code) const {
  const LineColumn where = line_column(tree_->text, at_->position);
  const std::string source = to_source(*at_);
  const SourceSpan span{at_->position, at_->position + static_cast<uint32_t>(source.size())};
  // Go counts lines from 1 and columns from 0.
  return fail(code,
              fmt::format("template: {}:{}:{}: executing {} at <{}>: {}", tree_->parse_name,
                          where.line, where.column - 1, quote(tree_->name), source, message),
              span);
}

Result<void> Executor::step(uint64_t cost) {
  steps_ += cost;
  if (steps_ <= environment_.limits.steps_max) return {};
  return fails(fmt::format("the template takes more than {} steps", environment_.limits.steps_max),
               ErrorCode::Limit);
}

Result<void> Executor::check_depth() const {
  if (depth_ <= kExecutionDepthMax) return {};
  return fails(fmt::format("blocks and templates nested deeper than {}", kExecutionDepthMax),
               ErrorCode::Limit);
}

// For going through a value, before anybody does.
Result<void> Executor::pay_for(const Value& value) {
  if (value.kind() == Kind::String) return step(value.as_text().size() / kBytesPerStep);
  if (!is_put_together(value)) return {};
  const uint64_t steps_left = environment_.limits.steps_max - steps_;
  Extent extent{.weight_max = (steps_left + 1) * kElementsPerStep};
  extent.add(value, 1);
  TRY(step(extent.weight / kElementsPerStep));
  if (extent.depth <= kValueDepthMax) return {};
  return fails(fmt::format("lists and maps nested deeper than {}", kValueDepthMax),
               ErrorCode::Limit);
}

Result<void> Executor::write(std::string_view text) {
  out_ += text;
  if (out_.size() <= environment_.limits.output_bytes_max) return {};
  return fails(
      fmt::format("the template writes more than {} bytes", environment_.limits.output_bytes_max),
      ErrorCode::Limit);
}

Result<void> Executor::print(const Value& value, const Node& pipe) {
  std::string text;
  if (is_put_together(value)) TRY(pay_for(value));
  if (value.is_nil()) {
    text = "<no value>";
  } else if (value.kind() == Kind::String) {
    text = value.as_text();
  } else {
    append_value(text, value);
    // What a pointer points to, and not "&{...}".
    if (value.kind() == Kind::Record && text.front() == '&') text.erase(0, 1);
  }
  if (escaper_) {
    // {{ x | html }} has done it already.
    const bool is_html =
        value.type() == &kHtmlType || pipe.children.back().children.front().text == "html";
    text = escaper_->escape(text, is_html);
  }
  return write(text);
}

Result<Flow> Executor::walk(const Value& dot, const Node& node) {
  at_ = &node;
  TRY(step());
  switch (node.kind) {
    case NodeKind::Text:
      TRY(write(escaper_ ? escaper_->text(node.text) : node.text));
      return Flow::Next;
    case NodeKind::Action: {
      const Node& pipe = node.children.front();
      const Value value = TRY(pipeline(dot, pipe));
      if (pipe.names.empty()) {
        at_ = &node;
        TRY(print(value, pipe));
      }
      return Flow::Next;
    }
    case NodeKind::List:
      return walk_list(dot, node);
    case NodeKind::If:
    case NodeKind::With:
      return walk_if_or_with(dot, node);
    case NodeKind::Range:
      return walk_range(dot, node);
    case NodeKind::Template:
      TRY(walk_template(dot, node));
      return Flow::Next;
    case NodeKind::Break:
      return Flow::Break;
    case NodeKind::Continue:
      return Flow::Continue;
    default:
      CHECK(false);
  }
}

Result<Flow> Executor::walk_list(const Value& dot, const Node& list) {
  for (const Node& node : list.children) {
    const Flow flow = TRY(walk(dot, node));
    if (flow != Flow::Next) return flow;
  }
  return Flow::Next;
}

Result<Flow> Executor::walk_if_or_with(const Value& dot, const Node& node) {
  const Depth depth(*this);
  TRY(check_depth());
  const size_t mark = variables_.size();
  const Value value = TRY(pipeline(dot, node.children[0]));
  Flow flow = Flow::Next;
  if (value.is_true()) {
    flow = TRY(walk(node.kind == NodeKind::With ? value : dot, node.children[1]));
  } else if (node.children.size() > 2) {
    flow = TRY(walk(dot, node.children[2]));
  }
  variables_.resize(mark);
  return flow;
}

Result<Flow> Executor::walk_range(const Value& dot, const Node& node) {
  const Depth depth(*this);
  TRY(check_depth());
  const size_t mark = variables_.size();
  const Value value = TRY(pipeline(dot, node.children[0]));
  bool ran = false;
  switch (value.kind()) {
    case Kind::List:
    case Kind::Map:
      ran = TRY(iterate(node, value));
      break;
    case Kind::Int:
    case Kind::Duration:
      ran = TRY(iterate_count(node, value.as_int()));
      break;
    case Kind::Nil:
      break;
    default: {
      std::string shown;
      append_value(shown, value);
      return fails("range can't iterate over " + shown);
    }
  }
  Flow flow = Flow::Next;
  if (!ran && node.children.size() > 2) flow = TRY(walk(dot, node.children[2]));
  variables_.resize(mark);
  return flow;
}

// A list or a map. False when it is empty.
Result<bool> Executor::iterate(const Node& node, const Value& value) {
  if (value.kind() == Kind::List) {
    int64_t index = 0;
    for (const Value& element : value.as_list()) {
      if (TRY(iteration(node, Value::integer(index++), element)) == Flow::Break) break;
    }
    return !value.as_list().empty();
  }
  for (const auto& [key, element] : value.as_entries()) {
    if (TRY(iteration(node, Value::text(key), element)) == Flow::Break) break;
  }
  return !value.as_entries().empty();
}

// {{ range 3 }}: 0, 1, 2.
Result<bool> Executor::iterate_count(const Node& node, int64_t count) {
  if (node.children[0].names.size() > 1) {
    return fails(fmt::format("can't use {} to iterate over more than one variable", count));
  }
  for (int64_t i = 0; i < count; ++i) {
    if (TRY(iteration(node, Value(), Value::integer(i))) == Flow::Break) break;
  }
  return count > 0;
}

// One round. The pipeline has put its variables on top: the last one is the element.
Result<Flow> Executor::iteration(const Node& node, Value index, const Value& element) {
  TRY(step());
  const Node& pipe = node.children[0];
  const size_t count = pipe.names.size();
  if (pipe.is_assignment) {
    if (count > 1) *TRY(variable_named(pipe.names[0])) = std::move(index);
    if (count > 0) *TRY(variable_named(pipe.names.back())) = element;
  } else {
    if (count > 1) variables_[variables_.size() - 2].value = std::move(index);
    if (count > 0) variables_.back().value = element;
  }
  const size_t mark = variables_.size();
  const Flow flow = TRY(walk(element, node.children[1]));
  variables_.resize(mark);
  return flow;
}

Result<void> Executor::walk_template(const Value& dot, const Node& node) {
  const auto found = trees_.find(node.text);
  if (found == trees_.end()) return fails(fmt::format("template {} not defined", quote(node.text)));
  if (templates_open_ >= environment_.limits.template_depth_max) {
    return fails(
        fmt::format("exceeded maximum template depth ({})", environment_.limits.template_depth_max),
        ErrorCode::Limit);
  }
  const Value inner = node.children.empty() ? Value() : TRY(pipeline(dot, node.children[0]));
  const Tree* const outer_tree = std::exchange(tree_, found->second.get());
  const size_t outer_begin = std::exchange(variables_begin_, variables_.size());
  variables_.push_back({"$", inner});
  const Depth depth(*this);
  ++templates_open_;
  TRY(walk(inner, tree_->root));
  --templates_open_;
  variables_.resize(variables_begin_);
  variables_begin_ = outer_begin;
  tree_ = outer_tree;
  return {};
}

Result<Value> Executor::pipeline(const Value& dot, const Node& pipe) {
  at_ = &pipe;
  const Depth depth(*this);
  TRY(check_depth());
  Value value;
  Final final = nullptr;
  for (const Node& stage : pipe.children) {
    value = TRY(command(dot, stage, final));
    final = &value;
  }
  for (const std::string& name : pipe.names) {
    if (pipe.is_assignment) {
      *TRY(variable_named(name)) = value;
    } else {
      variables_.push_back({name, value});
    }
  }
  return value;
}

Result<Value> Executor::command(const Value& dot, const Node& command, Final final) {
  TRY(step());
  const Node& first = command.children.front();
  const Nodes arguments = command.children;
  switch (first.kind) {
    case NodeKind::Field:
      at_ = &first;
      return fields(dot, dot, first, 0, arguments, final);
    case NodeKind::Chain:
      return chain(dot, first, arguments, final);
    case NodeKind::Identifier:
      return function(dot, first, command, arguments, final);
    case NodeKind::Pipe:
      TRY(refuse_arguments(arguments, final));
      return pipeline(dot, first);
    case NodeKind::Variable:
      return variable(dot, first, arguments, final);
    default:
      break;
  }
  at_ = &first;
  TRY(refuse_arguments(arguments, final));
  switch (first.kind) {
    case NodeKind::Boolean:
      return Value::boolean(first.text == "true");
    case NodeKind::Dot:
      return dot;
    case NodeKind::Number:
      return constant(first);
    case NodeKind::String:
      return Value::text(first.text);
    default:
      return fails("nil is not a command");
  }
}

Result<void> Executor::refuse_arguments(Nodes arguments, Final final) {
  if (arguments.size() <= 1 && final == nullptr) return {};
  return fails("can't give argument to non-function " + to_source(arguments.front()));
}

// A number where any type will do: its form says whether it is a float.
Result<Value> Executor::constant(const Node& number) {
  at_ = &number;
  const std::string& text = number.text;
  const bool is_hex_int = text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X') &&
                          text.find_first_of("pP") == std::string::npos;
  const bool looks_like_float =
      !is_hex_int && text[0] != '\'' && text.find_first_of(".eEpP") != std::string::npos;
  if (number.is_float && looks_like_float) return Value::number(number.float_value);
  if (number.is_int) return Value::integer(number.int_value);
  return fails(text + " overflows int");
}

Result<Value> Executor::chain(const Value& dot, const Node& node, Nodes arguments, Final final) {
  at_ = &node;
  const Node& first = node.children.front();
  if (first.kind == NodeKind::Nil) {
    return fails("indirection through explicit nil in " + to_source(node));
  }
  Value receiver = TRY(argument(dot, parameter_type('a'), first));
  return fields(dot, std::move(receiver), node, 0, arguments, final);
}

Result<Value> Executor::variable(const Value& dot, const Node& node, Nodes arguments, Final final) {
  at_ = &node;
  Value value = *TRY(variable_named(node.names.front()));
  if (node.names.size() == 1) {
    TRY(refuse_arguments(arguments, final));
    return value;
  }
  return fields(dot, std::move(value), node, 1, arguments, final);
}

// .a.b.c; the last of them gets the arguments, if it is a method.
Result<Value> Executor::fields(const Value& dot, Value receiver, const Node& node,
                               size_t first_name, Nodes arguments, Final final) {
  const size_t last = node.names.size() - 1;
  for (size_t i = first_name; i <= last; ++i) {
    const bool had_value = !receiver.is_nil();
    receiver = i == last ? TRY(field(dot, node.names[i], node, arguments, final, receiver))
                         : TRY(field(dot, node.names[i], node, {}, nullptr, receiver));
    // Nothing of nothing is nothing; but a map of anything has a nil there that can't be asked.
    if (i < last && had_value && receiver.is_nil()) {
      return fails("nil pointer evaluating interface {}." + node.names[i + 1]);
    }
  }
  return receiver;
}

Result<Value> Executor::field(const Value& dot, const std::string& name, const Node& node,
                              Nodes arguments, Final final, const Value& receiver) {
  if (receiver.is_nil()) return Value();
  if (const Function* method = find_function(receiver.type()->methods, name)) {
    return call(dot, *method, &receiver, node, arguments, final);
  }
  const bool has_arguments = arguments.size() > 1 || final != nullptr;
  if (receiver.kind() == Kind::Record) {
    if (const Value* found = receiver.field(name)) {
      if (!has_arguments) return *found;
      return fails(name + " has arguments but cannot be invoked as function");
    }
  } else if (receiver.kind() == Kind::Map) {
    if (has_arguments) return fails(name + " is not a method but has arguments");
    const Value* found = receiver.entry(name);
    return found != nullptr ? *found : Value::zero_of(receiver.type()->element);
  }
  return fails(fmt::format("can't evaluate field {} in type {}", name, receiver.type_name()));
}

Result<Value> Executor::function(const Value& dot, const Node& node, const Node& whole,
                                 Nodes arguments, Final final) {
  at_ = &node;
  const Function* function = find_function(functions_, node.text);
  if (function == nullptr) function = find_function(kBuiltins, node.text);
  if (function == nullptr) return fails(quote(node.text) + " is not a defined function");
  return call(dot, *function, nullptr, whole, arguments, final);
}

Result<Value> Executor::call(const Value& dot, const Function& function, const Value* receiver,
                             const Node& node, Nodes arguments, Final final) {
  if (!arguments.empty()) arguments = arguments.subspan(1);  // Without the function's name.
  const Signature signature(function.parameters);
  const size_t count = arguments.size() + (final != nullptr ? 1 : 0);
  if (signature.is_variadic() ? count < signature.fixed_count()
                              : count != signature.fixed_count()) {
    return fails(fmt::format("wrong number of args for {}: want {}{} got {}", function.name,
                             signature.is_variadic() ? "at least " : "", signature.fixed_count(),
                             signature.is_variadic() ? arguments.size() : count));
  }
  if (function.run == nullptr) return and_or(dot, function.name == "or", arguments, final);

  std::vector<Value> values;
  if (receiver != nullptr) values.push_back(*receiver);
  for (size_t i = 0; i < arguments.size(); ++i) {
    values.push_back(TRY(argument(dot, signature.at(i), arguments[i])));
  }
  if (final != nullptr) values.push_back(TRY(validate(*final, signature.at(count - 1))));

  // Functions go through their arguments, so those are paid for first: the result may never come.
  for (const Value& value : values) TRY(pay_for(value));
  Result<Value> result = function.run(environment_, values);
  if (!result) {
    at_ = &node;
    return fails(fmt::format("error calling {}: {}", function.name, result.error().message),
                 result.error().code);
  }
  if (result->kind() == Kind::String) {
    const uint64_t size = result->as_text().size();
    TRY(step(size / kBytesPerStep));
    if (size > environment_.limits.output_bytes_max) {
      return fails(fmt::format("{} makes a text of more than {} bytes", function.name,
                               environment_.limits.output_bytes_max),
                   ErrorCode::Limit);
    }
  }
  return result;
}

// Gives the argument that decided; what comes after it is not evaluated.
Result<Value> Executor::and_or(const Value& dot, bool is_or, Nodes arguments, Final final) {
  Value value;
  for (const Node& node : arguments) {
    value = TRY(argument(dot, parameter_type('a'), node));
    if (value.is_true() == is_or) return value;
  }
  return final != nullptr ? *final : value;
}

Result<Value> Executor::argument(const Value& dot, const ParameterType& type, const Node& node) {
  TRY(step());
  at_ = &node;
  switch (node.kind) {
    case NodeKind::Dot:
      return validate(dot, type);
    case NodeKind::Nil:
      if (type.may_be_nil) return Value::zero_of(type.letter == 'a' ? nullptr : type.type);
      return fails(fmt::format("cannot assign nil to {}", type.name));
    case NodeKind::Field:
      return validate(TRY(fields(dot, dot, node, 0, {}, nullptr)), type);
    case NodeKind::Variable:
      return validate(TRY(variable(dot, node, {}, nullptr)), type);
    case NodeKind::Pipe:
      return validate(TRY(pipeline(dot, node)), type);
    case NodeKind::Identifier:
      return validate(TRY(function(dot, node, node, {}, nullptr)), type);
    case NodeKind::Chain:
      return validate(TRY(chain(dot, node, {}, nullptr)), type);
    default:
      return literal(type, node);
  }
}

Result<Value> Executor::literal(const ParameterType& type, const Node& node) {
  const auto expected = [&](std::string_view what) {
    return fails(fmt::format("expected {}; found {}", what, to_source(node)));
  };
  switch (type.letter) {
    case 'a':
      if (node.kind == NodeKind::Boolean) return Value::boolean(node.text == "true");
      return node.kind == NodeKind::Number ? constant(node) : Value::text(node.text);
    case 's':
      if (node.kind != NodeKind::String) return expected("string");
      return Value::text(node.text);
    case 'b':
      if (node.kind != NodeKind::Boolean) return expected("bool");
      return Value::boolean(node.text == "true");
    case 'f':
      if (node.kind != NodeKind::Number || !node.is_float) return expected("float");
      return Value::number(node.float_value);
    case 'i':
    case 'd':
      if (node.kind != NodeKind::Number || !node.is_int) return expected("integer");
      return type.letter == 'i' ? Value::integer(node.int_value)
                                : Value::duration_ns(node.int_value);
    default:
      return fails(fmt::format("can't handle {} for arg of type {}", to_source(node), type.name));
  }
}

Result<Value> Executor::validate(Value value, const ParameterType& type) {
  if (type.letter == 'a' || value.type() == type.type) return value;
  if (!value.is_nil()) {
    return fails(
        fmt::format("wrong type for value; expected {}; got {}", type.name, value.type_name()));
  }
  if (type.may_be_nil) return Value::zero_of(type.type);
  return fails(fmt::format("invalid value; expected {}", type.name));
}

// The innermost one. Assigning declares for the parser, so one that was never declared is found out
// here.
Result<Value*> Executor::variable_named(std::string_view name) {
  for (size_t i = variables_.size(); i-- > variables_begin_;) {
    if (variables_[i].name == name) return &variables_[i].value;
  }
  return fails("undefined variable: " + std::string(name));
}

}  // namespace

Result<std::string> execute_tree(const Tree& tree, const TreeMap& trees,
                                 std::span<const Function> functions, Escaping escaping,
                                 const Value& data, const Environment& environment) {
  return Executor(trees, functions, escaping, environment).run(tree, data);
}

}  // namespace promenade::templates
