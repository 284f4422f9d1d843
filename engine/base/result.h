#pragma once  // engine/base/result.h
// Errors are values: a function that can fail returns Result<T>, and TRY passes a failure on.
#include <cstdint>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace promenade {

// The half-open byte range [begin, end) of the text that an error or an AST node is about.
struct SourceSpan {
  uint32_t begin = 0;
  uint32_t end = 0;

  friend bool operator==(const SourceSpan&, const SourceSpan&) = default;
};

// What kind of failure it was. The HTTP API derives `errorType` and status from it.
enum class ErrorCode {
  BadData,      // The input is wrong: a query, a parameter, a file, an exposition.
  Execution,    // The input is well-formed, but evaluating it failed.
  NotFound,     // What was asked for does not exist.
  Canceled,     // Somebody stopped it.
  Timeout,      // Its deadline passed.
  Unavailable,  // Not now: not ready, switched off, or out of reach.
  Limit,        // A named limit was exceeded.
  Internal,     // The fault is ours or the machine's.
};

struct Error {
  ErrorCode code = ErrorCode::Internal;
  // What happened and what to do next, for the person who caused it. No final full stop.
  std::string message;
  // Where in the input text, when there is one.
  std::optional<SourceSpan> span;
};

template <typename T>
using Result = tl::expected<T, Error>;

// Builds the failing alternative: `return fail(ErrorCode::BadData, "...")`.
inline tl::unexpected<Error> fail(ErrorCode code, std::string message,
                                  std::optional<SourceSpan> span = std::nullopt) {
  return tl::unexpected<Error>(Error{code, std::move(message), span});
}

inline tl::unexpected<Error> bad_data(std::string message,
                                      std::optional<SourceSpan> span = std::nullopt) {
  return fail(ErrorCode::BadData, std::move(message), span);
}

}  // namespace promenade

// Unwraps a Result, or returns its error from the enclosing function:
//   const Labels labels = TRY(parse_labels(text));
//   TRY(head.append(...));
// A statement expression, which GCC, Clang and Emscripten accept.
#define TRY(expression)                                                        \
  __extension__({                                                              \
    auto try_result_ = (expression);                                           \
    if (!try_result_) return ::tl::unexpected(std::move(try_result_).error()); \
    ::promenade::detail::unwrap(std::move(try_result_));                       \
  })

namespace promenade::detail {
template <typename T>
T unwrap(Result<T>&& result) {
  return std::move(*result);
}
inline void unwrap(Result<void>&&) {}
}  // namespace promenade::detail
