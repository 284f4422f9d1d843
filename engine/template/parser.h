#pragma once  // engine/template/parser.h
// Template text to trees: its own, and one for each {{ define }} and {{ block }} in it. Internal to
// engine/template.
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "template/tree.h"

namespace promenade::templates {

using TreePtr = std::shared_ptr<const Tree>;

// `has_function` answers for every name that a template may call. Fails with Go's message,
// "template: NAME:LINE: what is wrong", and the span of the token where parsing stopped.
Result<std::vector<TreePtr>> parse_template(
    std::string_view name, std::string_view text,
    const std::function<bool(std::string_view)>& has_function);

}  // namespace promenade::templates
