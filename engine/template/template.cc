// engine/template/template.cc
// The set of named templates: parsed on the way in, looked up while one of them is executed.
#include "template/template.h"

#include "base/strings.h"
#include "template/builtins.h"
#include "template/executor.h"
#include "template/parser.h"

namespace promenade::templates {

TemplateSet::TemplateSet(std::span<const Function> functions, Escaping escaping)
    : functions_(functions), escaping_(escaping) {}

Result<void> TemplateSet::parse(std::string_view name, std::string_view text) {
  const auto has_function = [&](std::string_view function) {
    return find_function(functions_, function) != nullptr ||
           find_function(kBuiltins, function) != nullptr;
  };
  for (TreePtr& tree : TRY(parse_template(name, text, has_function))) {
    const auto [place, is_new] = trees_.try_emplace(tree->name, tree);
    if (!is_new && !is_empty(tree->root)) place->second = std::move(tree);
  }
  return {};
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
  TemplateSet set = *this;
  TRY(set.parse(name, text));
  return set.execute(name, data, environment);
}

}  // namespace promenade::templates
