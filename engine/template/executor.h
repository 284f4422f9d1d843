#pragma once  // engine/template/executor.h
// Walks a template's tree and writes what it says. Internal to engine/template.
#include <map>
#include <memory>
#include <span>
#include <string>

#include "base/result.h"
#include "template/template.h"
#include "template/tree.h"

namespace promenade::templates {

using TreeMap = std::map<std::string, std::shared_ptr<const Tree>, std::less<>>;

// `functions` come before Go's own.
Result<std::string> execute_tree(const Tree& tree, const TreeMap& trees,
                                 std::span<const Function> functions, Escaping escaping,
                                 const Value& data, const Environment& environment);

}  // namespace promenade::templates
