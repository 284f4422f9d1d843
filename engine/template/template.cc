// engine/template/template.cc
// The set of named templates: parsed on the way in, looked up while one of them is executed.
#include "template/template.h"

#include "base/strings.h"
#include "template/builtins.h"
#include "template/executor.h"
#include "template/parser.h"

namespace promenade::templates {
namespace {

// The template and all that it defines.
Result<std::vector<TreePtr>> parse(std::string_view name, std::string_view text,
                                   std::span<const Function> functions) {
  const auto has_function = [&](std::string_view function) {
    return find_function(functions, function) != nullptr ||
           find_function(kBuiltins, function) != nullptr;
  };
  return parse_template(name, text, has_function);
}

}  // namespace

TemplateSet::TemplateSet(std::span<const Function> functions, Escaping escaping)
    : functions_(functions), escaping_(escaping) {}

Result<void> TemplateSet::parse(std::string_view name, std::string_view text) {
  add(TRY(templates::parse(name, text, functions_)));
  return {};
}

void TemplateSet::add(const std::vector<std::shared_ptr<const Tree>>& trees) {
  for (const TreePtr& tree : trees) {
    const auto [place, is_new] = trees_.try_emplace(tree->name, tree);
    if (!is_new && !is_empty(tree->root)) place->second = tree;
  }
}

bool TemplateSet::has(std::string_view name) const {
  return trees_.find(name) != trees_.end();
}

std::vector<std::string> TemplateSet::names() const {
  std::vector<std::string> names;
  for (const auto& [name, tree] : trees_) names.push_back(name);
  return names;
}

Result<std::string> TemplateSet::execute(std::string_view name, const Value& data,
                                         const Environment& environment) const {
  const auto found = trees_.find(name);
  if (found == trees_.end()) {
    return fail(ErrorCode::Execution, "template: no template " + quote(name) + " in this set");
  }
  return execute_tree(*found->second, trees_, functions_, escaping_, data, environment);
}

Result<std::string> TemplateSet::expand(std::string_view name, std::string_view text,
                                        const Value& data, const Environment& environment) const {
  const std::vector<TreePtr> parsed = TRY(templates::parse(name, text, functions_));
  // Most fields define nothing for others to use, and so need no set of their own.
  if (parsed.size() == 1 && parsed.front()->name == name && !has(name)) {
    return execute_tree(*parsed.front(), trees_, functions_, escaping_, data, environment);
  }
  TemplateSet set = *this;
  set.add(parsed);
  return set.execute(name, data, environment);
}

}  // namespace promenade::templates
