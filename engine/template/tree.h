#pragma once  // engine/template/tree.h
// A parsed template. One kind of node with the same few parts for everything, since a template's
// tree is only walked, never rewritten; the table at NodeKind says which part means what. Internal
// to engine/template.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace promenade::templates {

enum class NodeKind : uint8_t {
  //          text               names                     children
  Text,      // what to print
  Action,    //                                            pipe
  If,        //                                            pipe, list[, list of else]
  With,      //                                            pipe, list[, list of else]
  Range,     //                                            pipe, list[, list of else]
  Template,  // its name                                   [pipe]
  Break,
  Continue,
  List,        //                                            nodes, in order
  Pipe,        //                    variables declared      commands
  Command,     //                                            the operation and its arguments
  Identifier,  // a function
  Field,       //                    .a.b: "a", "b"
  Variable,    //                    $x.a: "$x", "a"
  Chain,       //                    (...).a: "a"            what stands before the first dot
  Dot,
  Nil,
  Boolean,  // "true" or "false"
  Number,   // as written
  String,   // its content
  // How a block ended; only within the parser.
  Else,
  End,
};

struct Node {
  NodeKind kind = NodeKind::List;
  uint32_t position = 0;       // In Tree::text.
  bool is_assignment = false;  // Of a Pipe: "=" and not ":=".
  // A Number may be an integer, a float, or both, like 1.0 and 'a'.
  bool is_int = false, is_float = false;
  int64_t int_value = 0;
  double float_value = 0;
  std::string text = {};
  std::string source = {};  // Of a String, as written.
  std::vector<std::string> names = {};
  std::vector<Node> children = {};
};

struct Tree {
  std::string name = {};
  std::string parse_name =
      {};  // The template whose text defines it: a {{ define }} lies in another's.
  std::string text = {};
  Node root = {};
};

// The node as a template would say it, in Go's normal form: "error calling ... at <index $labels
// \"a\">".
std::string to_source(const Node& node);

// Whether nothing but white space is in it; such a definition never replaces another one.
bool is_empty(const Node& node);

}  // namespace promenade::templates
