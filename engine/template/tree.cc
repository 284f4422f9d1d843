// engine/template/tree.cc
// Nodes back to text, after the String methods of Go's text/template/parse. Error texts show
// expressions and
// {{ template }} only, so lists and blocks have no text here.
#include "template/tree.h"

#include <algorithm>

#include "base/strings.h"

namespace promenade::templates {
namespace {

void append(std::string& out, const Node& node);

void append_parenthesized(std::string& out, const Node& node) {
  const bool is_pipe = node.kind == NodeKind::Pipe;
  if (is_pipe) out += '(';
  append(out, node);
  if (is_pipe) out += ')';
}

void append_names(std::string& out, const std::vector<std::string>& names, size_t first = 0) {
  for (size_t i = first; i < names.size(); ++i) {
    out += '.';
    out += names[i];
  }
}

void append_pipe(std::string& out, const Node& pipe) {
  if (!pipe.names.empty()) {
    out += join(pipe.names, ", ");
    out += pipe.is_assignment ? " = " : " := ";
  }
  for (const Node& command : pipe.children) {
    if (&command != &pipe.children.front()) out += " | ";
    append(out, command);
  }
}

void append(std::string& out, const Node& node) {
  switch (node.kind) {
    case NodeKind::Pipe:
      return append_pipe(out, node);
    case NodeKind::Command:
      for (const Node& argument : node.children) {
        if (&argument != &node.children.front()) out += ' ';
        append_parenthesized(out, argument);
      }
      return;
    case NodeKind::Template:
      out += "{{template " + quote(node.text);
      if (!node.children.empty()) {
        out += ' ';
        append(out, node.children.front());
      }
      out += "}}";
      return;
    case NodeKind::Field:
      return append_names(out, node.names);
    case NodeKind::Variable:
      out += node.names.front();
      return append_names(out, node.names, 1);
    case NodeKind::Chain:
      append_parenthesized(out, node.children.front());
      return append_names(out, node.names);
    case NodeKind::Dot:
      out += '.';
      return;
    case NodeKind::Nil:
      out += "nil";
      return;
    case NodeKind::String:
      out += node.source;
      return;
    default:
      out += node.text;
  }
}

}  // namespace

std::string to_source(const Node& node) {
  std::string out;
  append(out, node);
  return out;
}

bool is_empty(const Node& node) {
  if (node.kind == NodeKind::Text) return trim(node.text).empty();
  return node.kind == NodeKind::List &&
         std::all_of(node.children.begin(), node.children.end(), is_empty);
}

}  // namespace promenade::templates
