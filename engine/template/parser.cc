// engine/template/parser.cc
// A recursive descent over the tokens, after Go's text/template/parse. It looks ahead by up to
// three tokens because a blank decides: in "$x := 1" the variable is declared, in "$x .a" it is an
// argument.
#include "template/parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/strings.h"
#include "template/go_literal.h"
#include "template/lexer.h"
#include "template/template.h"

namespace promenade::templates {
namespace {

constexpr std::string_view kCommandContext = "command";
constexpr std::string_view kRangeContext = "range";

bool starts_operand(TokenKind kind) {
  switch (kind) {
    case TokenKind::Boolean:
    case TokenKind::CharacterConstant:
    case TokenKind::Dot:
    case TokenKind::Field:
    case TokenKind::Identifier:
    case TokenKind::Number:
    case TokenKind::Nil:
    case TokenKind::RawString:
    case TokenKind::String:
    case TokenKind::Variable:
    case TokenKind::LeftParen:
      return true;
    default:
      return false;
  }
}

bool is_literal(NodeKind kind) {
  return kind == NodeKind::Boolean || kind == NodeKind::Dot || kind == NodeKind::Nil ||
         kind == NodeKind::Number || kind == NodeKind::String;
}

std::vector<std::string> split_names(std::string_view dotted) {
  std::vector<std::string> names;
  for (const std::string_view name : split(dotted, '.')) names.emplace_back(name);
  return names;
}

class Parser {
 public:
  Parser(std::string_view name, std::string_view text,
         const std::function<bool(std::string_view)>& has_function)
      : name_(name), text_(text), has_function_(has_function), lexer_(text) {}

  Result<std::vector<TreePtr>> parse();

 private:
  // What belongs to one template and not to those defined within it.
  struct Scope {
    std::vector<std::string> variables{"$"};
    int ranges_open = 0;
    uint32_t action_line = 0;  // Of the action being read; 0 between actions.
  };
  // Counts how deep the recursion is; learner input must not end the stack.
  struct Depth {
    explicit Depth(Parser& parser) : parser_(parser) { ++parser_.depth_; }
    ~Depth() { --parser_.depth_; }
    Parser& parser_;
  };

  const Token& peek();
  const Token& peek_non_space();
  Token next();
  Token next_non_space();
  void push_back(Token token);

  tl::unexpected<Error> fail_at(const std::string& message);
  tl::unexpected<Error> unexpected(const Token& token, std::string_view context);
  Result<Token> expect(TokenKind kind, std::string_view context);
  Result<void> check_depth();

  Result<void> definition();
  Result<void> add(Tree tree);
  Result<Node> item_list(Node& end);
  Result<Node> text_or_action();
  Result<Node> action();
  Result<Node> loop_control(const Token& keyword);
  Result<Node> control(NodeKind kind, const Token& keyword, std::string_view context);
  Result<Node> else_control(const Token& keyword);
  Result<Node> block_control();
  Result<Node> template_control();
  Result<std::string> template_name(const Token& token, std::string_view context);
  Result<Node> pipeline(std::string_view context, TokenKind end);
  Result<bool> declaration(Node& pipe, std::string_view context);
  Result<void> check_pipeline(const Node& pipe, std::string_view context);
  Result<Node> command();
  Result<std::optional<Node>> operand();
  Result<std::optional<Node>> term();
  Result<Node> number(const Token& token);
  Result<std::string> unquoted(const Token& token);

  std::string_view name_;
  std::string_view text_;
  const std::function<bool(std::string_view)>& has_function_;
  Lexer lexer_;
  std::vector<Token> pending_;  // Read or pushed back, the next one last.
  // The token that the lexer gave last. Errors are reported on its line, as Go does.
  uint32_t last_line_ = 1;
  SourceSpan last_span_;
  Scope scope_;
  uint32_t depth_ = 0;
  std::vector<TreePtr> trees_;
};

const Token& Parser::peek() {
  if (pending_.empty()) {
    pending_.push_back(lexer_.next());
    const Token& token = pending_.back();
    last_line_ = token.line;
    last_span_ = {token.position, token.position + static_cast<uint32_t>(token.text.size())};
  }
  return pending_.back();
}

Token Parser::next() {
  peek();
  Token token = std::move(pending_.back());
  pending_.pop_back();
  return token;
}

Token Parser::next_non_space() {
  Token token = next();
  return token.kind == TokenKind::Space ? next() : token;
}

const Token& Parser::peek_non_space() {
  if (peek().kind == TokenKind::Space) pending_.pop_back();
  return peek();
}

void Parser::push_back(Token token) {
  pending_.push_back(std::move(token));
}

tl::unexpected<Error> Parser::fail_at(const std::string& message) {
  return bad_data(fmt::format("template: {}:{}: {}", name_, last_line_, message), last_span_);
}

tl::unexpected<Error> Parser::unexpected(const Token& token, std::string_view context) {
  if (token.kind != TokenKind::Error) {
    return fail_at(fmt::format("unexpected {} in {}", token.describe(), context));
  }
  std::string extra;
  if (scope_.action_line != 0 && scope_.action_line != token.line) {
    // "unclosed action started at", and not "action in action".
    const bool says_action = token.message.size() > 7 &&
                             token.message.compare(token.message.size() - 7, 7, " action") == 0;
    extra = fmt::format("{} started at {}:{}", says_action ? "" : " in action", name_,
                        scope_.action_line);
  }
  return fail_at(token.message + extra);
}

Result<Token> Parser::expect(TokenKind kind, std::string_view context) {
  Token token = next_non_space();
  if (token.kind != kind) return unexpected(token, context);
  return token;
}

Result<void> Parser::check_depth() {
  if (depth_ <= kNestingMax) return {};
  Error error =
      fail_at(fmt::format("blocks and parentheses nested deeper than {}", kNestingMax)).value();
  error.code = ErrorCode::Limit;
  return tl::unexpected(std::move(error));
}

Result<std::vector<TreePtr>> Parser::parse() {
  Tree tree{.name = std::string(name_)};
  while (peek().kind != TokenKind::End) {
    if (peek().kind == TokenKind::LeftDelimiter) {
      Token delimiter = next();
      if (peek_non_space().kind == TokenKind::Define) {
        next();
        TRY(definition());
        continue;
      }
      push_back(std::move(delimiter));
    }
    Node node = TRY(text_or_action());
    if (node.kind == NodeKind::End || node.kind == NodeKind::Else) {
      return fail_at("unexpected " + node.text);
    }
    tree.root.children.push_back(std::move(node));
  }
  TRY(add(std::move(tree)));
  return std::move(trees_);
}

// After {{ define.
Result<void> Parser::definition() {
  constexpr std::string_view kContext = "define clause";
  Scope outer = std::exchange(scope_, {});
  const Token name = next_non_space();
  if (name.kind != TokenKind::String && name.kind != TokenKind::RawString) {
    return unexpected(name, kContext);
  }
  Tree tree{.name = TRY(unquoted(name))};
  TRY(expect(TokenKind::RightDelimiter, kContext));
  Node end;
  tree.root = TRY(item_list(end));
  if (end.kind != NodeKind::End) {
    return fail_at(fmt::format("unexpected {} in {}", end.text, kContext));
  }
  scope_ = std::move(outer);
  return add(std::move(tree));
}

Result<void> Parser::add(Tree tree) {
  tree.parse_name = name_;
  tree.text = text_;
  const auto same_name = [&](const TreePtr& other) { return other->name == tree.name; };
  const auto found = std::find_if(trees_.begin(), trees_.end(), same_name);
  if (found == trees_.end()) {
    trees_.push_back(std::make_shared<const Tree>(std::move(tree)));
  } else if (is_empty((*found)->root)) {
    *found = std::make_shared<const Tree>(std::move(tree));
  } else if (!is_empty(tree.root)) {
    return fail_at("template: multiple definition of template " + quote(tree.name));
  }
  return {};
}

// Up to {{ end }} or {{ else }}, which comes back in `end`.
Result<Node> Parser::item_list(Node& end) {
  Node list{.kind = NodeKind::List, .position = peek_non_space().position};
  while (peek_non_space().kind != TokenKind::End) {
    Node node = TRY(text_or_action());
    if (node.kind == NodeKind::End || node.kind == NodeKind::Else) {
      end = std::move(node);
      return list;
    }
    list.children.push_back(std::move(node));
  }
  return fail_at("unexpected EOF");
}

Result<Node> Parser::text_or_action() {
  const Token token = next_non_space();
  if (token.kind == TokenKind::Text) {
    return Node{
        .kind = NodeKind::Text, .position = token.position, .text = std::string(token.text)};
  }
  if (token.kind != TokenKind::LeftDelimiter) return unexpected(token, "input");
  scope_.action_line = token.line;
  Node node = TRY(action());
  scope_.action_line = 0;
  return node;
}

// After {{.
Result<Node> Parser::action() {
  Token token = next_non_space();
  switch (token.kind) {
    case TokenKind::Block:
      return block_control();
    case TokenKind::Break:
    case TokenKind::Continue:
      return loop_control(token);
    case TokenKind::Else:
      return else_control(token);
    case TokenKind::EndKeyword:
      TRY(expect(TokenKind::RightDelimiter, "end"));
      return Node{.kind = NodeKind::End, .position = token.position, .text = "{{end}}"};
    case TokenKind::If:
      return control(NodeKind::If, token, "if");
    case TokenKind::Range:
      return control(NodeKind::Range, token, kRangeContext);
    case TokenKind::Template:
      return template_control();
    case TokenKind::With:
      return control(NodeKind::With, token, "with");
    default:
      break;
  }
  Node node{.kind = NodeKind::Action, .position = token.position};
  push_back(std::move(token));
  node.children.push_back(TRY(pipeline(kCommandContext, TokenKind::RightDelimiter)));
  return node;
}

Result<Node> Parser::loop_control(const Token& keyword) {
  const std::string shown = fmt::format("{{{{{}}}}}", keyword.text);
  const Token token = next_non_space();
  if (token.kind != TokenKind::RightDelimiter) return unexpected(token, shown);
  if (scope_.ranges_open == 0) return fail_at(shown + " outside {{range}}");
  return Node{.kind = keyword.kind == TokenKind::Break ? NodeKind::Break : NodeKind::Continue,
              .position = keyword.position};
}

// {{ if }}, {{ with }} and {{ range }}: a pipeline, a list, perhaps an else. "{{ else if x }}" is
// read as
// "{{ else }}{{ if x }}" whose {{ end }} is the outer one's.
Result<Node> Parser::control(NodeKind kind, const Token& keyword, std::string_view context) {
  const Depth depth(*this);
  TRY(check_depth());
  const size_t variables_before = scope_.variables.size();
  Node node{.kind = kind, .position = keyword.position};
  node.children.push_back(TRY(pipeline(context, TokenKind::RightDelimiter)));
  if (kind == NodeKind::Range) ++scope_.ranges_open;
  Node end;
  node.children.push_back(TRY(item_list(end)));
  if (kind == NodeKind::Range) --scope_.ranges_open;
  if (end.kind == NodeKind::Else) {
    const TokenKind chained = kind == NodeKind::If ? TokenKind::If : TokenKind::With;
    if (kind != NodeKind::Range && peek().kind == chained) {
      const Token again = next();
      Node list{.kind = NodeKind::List, .position = end.position};
      list.children.push_back(TRY(control(kind, again, context)));
      node.children.push_back(std::move(list));
    } else {
      node.children.push_back(TRY(item_list(end)));
      if (end.kind != NodeKind::End) return fail_at("expected end; found " + end.text);
    }
  }
  scope_.variables.resize(variables_before);
  return node;
}

// The "if" of "else if" stays for the block that the else belongs to.
Result<Node> Parser::else_control(const Token& keyword) {
  const TokenKind after = peek_non_space().kind;
  if (after != TokenKind::If && after != TokenKind::With) {
    TRY(expect(TokenKind::RightDelimiter, "else"));
  }
  return Node{.kind = NodeKind::Else, .position = keyword.position, .text = "{{else}}"};
}

// {{ block "name" pipeline }} list {{ end }} defines a template and uses it at once.
Result<Node> Parser::block_control() {
  constexpr std::string_view kContext = "block clause";
  const Depth depth(*this);
  TRY(check_depth());
  const Token token = next_non_space();
  Node node{.kind = NodeKind::Template, .position = token.position};
  node.text = TRY(template_name(token, kContext));
  node.children.push_back(TRY(pipeline(kContext, TokenKind::RightDelimiter)));

  Scope outer = std::exchange(scope_, {});
  Tree tree{.name = node.text};
  Node end;
  tree.root = TRY(item_list(end));
  scope_ = std::move(outer);
  if (end.kind != NodeKind::End) {
    return fail_at(fmt::format("unexpected {} in {}", end.text, kContext));
  }
  TRY(add(std::move(tree)));
  return node;
}

Result<Node> Parser::template_control() {
  constexpr std::string_view kContext = "template clause";
  const Token token = next_non_space();
  Node node{.kind = NodeKind::Template, .position = token.position};
  node.text = TRY(template_name(token, kContext));
  Token after = next_non_space();
  if (after.kind == TokenKind::RightDelimiter) return node;
  push_back(std::move(after));
  node.children.push_back(TRY(pipeline(kContext, TokenKind::RightDelimiter)));
  return node;
}

Result<std::string> Parser::template_name(const Token& token, std::string_view context) {
  if (token.kind != TokenKind::String && token.kind != TokenKind::RawString) {
    return unexpected(token, context);
  }
  return unquoted(token);
}

Result<Node> Parser::pipeline(std::string_view context, TokenKind end) {
  const Depth depth(*this);
  TRY(check_depth());
  Node pipe{.kind = NodeKind::Pipe, .position = peek_non_space().position};
  while (TRY(declaration(pipe, context))) {
  }
  for (;;) {
    Token token = next_non_space();
    if (token.kind == end) {
      TRY(check_pipeline(pipe, context));
      return pipe;
    }
    if (!starts_operand(token.kind)) return unexpected(token, context);
    push_back(std::move(token));
    pipe.children.push_back(TRY(command()));
  }
}

// One "$x :=", "$x =" or, in a range, "$x,". True when another one may follow.
Result<bool> Parser::declaration(Node& pipe, std::string_view context) {
  if (peek_non_space().kind != TokenKind::Variable) return false;
  Token variable = next();
  Token after = next();
  std::optional<Token> space;
  if (after.kind == TokenKind::Space) space = std::exchange(after, next_non_space());
  const bool declares = after.kind == TokenKind::Declare || after.kind == TokenKind::Assign;
  const bool is_comma = after.kind == TokenKind::Character && after.text == ",";
  if (!declares && !is_comma) {
    push_back(std::move(after));
    if (space) push_back(std::move(*space));
    push_back(std::move(variable));
    return false;
  }
  pipe.is_assignment = after.kind == TokenKind::Assign;
  pipe.names.emplace_back(variable.text);
  scope_.variables.emplace_back(variable.text);
  if (declares) return false;
  if (context != kRangeContext || pipe.names.size() > 1) {
    return fail_at(fmt::format("too many declarations in {}", context));
  }
  const TokenKind next_kind = peek_non_space().kind;
  if (next_kind != TokenKind::Variable && next_kind != TokenKind::RightDelimiter &&
      next_kind != TokenKind::RightParen) {
    return fail_at("range can only initialize variables");
  }
  return true;
}

Result<void> Parser::check_pipeline(const Node& pipe, std::string_view context) {
  if (pipe.children.empty()) return fail_at(fmt::format("missing value for {}", context));
  for (size_t i = 1; i < pipe.children.size(); ++i) {
    if (is_literal(pipe.children[i].children.front().kind)) {
      return fail_at(fmt::format("non executable command in pipeline stage {}", i + 1));
    }
  }
  return {};
}

// Operands up to a pipe, which is taken, or to the end of the pipeline, which is not.
Result<Node> Parser::command() {
  Node command{.kind = NodeKind::Command, .position = peek_non_space().position};
  for (;;) {
    peek_non_space();
    if (std::optional<Node> argument = TRY(operand())) {
      command.children.push_back(std::move(*argument));
    }
    Token token = next();
    if (token.kind == TokenKind::Space) continue;
    if (token.kind == TokenKind::RightDelimiter || token.kind == TokenKind::RightParen) {
      push_back(std::move(token));
    } else if (token.kind != TokenKind::Pipe) {
      return unexpected(token, "operand");
    }
    break;
  }
  if (command.children.empty()) return fail_at("empty command");
  return command;
}

// A term and the fields after it; nothing when no term is next.
Result<std::optional<Node>> Parser::operand() {
  std::optional<Node> node = TRY(term());
  if (!node || peek().kind != TokenKind::Field) return node;
  if (is_literal(node->kind)) {
    // Go reads the fields before it complains.
    while (peek().kind == TokenKind::Field) next();
    return fail_at("unexpected . after term " + quote(to_source(*node)));
  }
  const uint32_t position = peek().position;
  std::vector<std::string> names;
  while (peek().kind == TokenKind::Field) names.emplace_back(next().text.substr(1));
  if (node->kind == NodeKind::Field || node->kind == NodeKind::Variable) {
    node->position = position;
    node->names.insert(node->names.end(), names.begin(), names.end());
    return node;
  }
  Node chain{.kind = NodeKind::Chain, .position = position, .names = std::move(names)};
  chain.children.push_back(std::move(*node));
  return chain;
}

Result<std::optional<Node>> Parser::term() {
  Token token = next_non_space();
  Node node{.position = token.position, .text = std::string(token.text)};
  switch (token.kind) {
    case TokenKind::Identifier:
      if (!has_function_(token.text)) {
        return fail_at(fmt::format("function {} not defined", quote(token.text)));
      }
      node.kind = NodeKind::Identifier;
      return node;
    case TokenKind::Dot:
      node.kind = NodeKind::Dot;
      return node;
    case TokenKind::Nil:
      node.kind = NodeKind::Nil;
      return node;
    case TokenKind::Variable:
      node.kind = NodeKind::Variable;
      node.names = split_names(token.text);
      if (std::find(scope_.variables.begin(), scope_.variables.end(), node.names.front()) ==
          scope_.variables.end()) {
        return fail_at("undefined variable " + quote(node.names.front()));
      }
      return node;
    case TokenKind::Field:
      node.kind = NodeKind::Field;
      node.names = split_names(token.text.substr(1));
      return node;
    case TokenKind::Boolean:
      node.kind = NodeKind::Boolean;
      return node;
    case TokenKind::CharacterConstant:
    case TokenKind::Number:
      return TRY(number(token));
    case TokenKind::LeftParen:
      return TRY(pipeline("parenthesized pipeline", TokenKind::RightParen));
    case TokenKind::String:
    case TokenKind::RawString:
      node.kind = NodeKind::String;
      node.source = std::exchange(node.text, TRY(unquoted(token)));
      return node;
    default:
      push_back(std::move(token));
      return std::optional<Node>();
  }
}

Result<Node> Parser::number(const Token& token) {
  Result<GoNumber> parsed = token.kind == TokenKind::Number ? parse_go_number(token.text)
                                                            : parse_go_character(token.text);
  if (!parsed) return fail_at(parsed.error().message);
  return Node{.kind = NodeKind::Number,
              .position = token.position,
              .is_int = parsed->is_int,
              .is_float = parsed->is_float,
              .int_value = parsed->int_value,
              .float_value = parsed->float_value,
              .text = std::string(token.text)};
}

Result<std::string> Parser::unquoted(const Token& token) {
  std::optional<std::string> content = unquote_go(token.text);
  if (!content) return fail_at("invalid syntax");
  return std::move(*content);
}

}  // namespace

Result<std::vector<TreePtr>> parse_template(
    std::string_view name, std::string_view text,
    const std::function<bool(std::string_view)>& has_function) {
  return Parser(name, text, has_function).parse();
}

}  // namespace promenade::templates
