#pragma once  // engine/promql/explain/binary_reading.h
// Binary operators in words.
#include <string>

#include "promql/ast.h"
#include "promql/explain/phrases.h"

namespace promenade::promql {

// Without the full stop.
std::string binary_words(const Binary& binary, const Phrases& phrases);

}  // namespace promenade::promql
