#pragma once  // tests/conformance/compare.h
// Whether a result is what a test expects. An empty text means yes, any other says what differs.
#include <string>
#include <string_view>

#include "promql/engine.h"
#include "script.h"

namespace promenade::conformance {

// Floats with a relative error below 1e-6; zero equals only zero, a NaN only its own kind.
bool almost_equal(double a, double b);

std::string compare_scalar(const Expectation& expected, double value);
std::string compare_string(const Expectation& expected, const std::string& value);
std::string compare_vector(const Expectation& expected, const promql::Vector& vector);
std::string compare_matrix(const Expectation& expected, const TimeGrid& grid,
                           const promql::Matrix& matrix);
// Any result of an instant or range query.
std::string compare_result(const Expectation& expected, const TimeGrid& grid, bool is_range,
                           const promql::QueryResult& result);

std::string compare_annotations(const Expectation& expected, const promql::Annotations& annotations,
                                std::string_view query);
// `failure` must be set in `expected`.
std::string compare_failure(const Expectation& expected, const std::string& message);

}  // namespace promenade::conformance
