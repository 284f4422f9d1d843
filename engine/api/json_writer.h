#pragma once  // engine/api/json_writer.h
// Writes JSON straight to the end of one string, commas included. The caller gives calls in the
// order of the document; nothing is buffered, nothing is checked but by tests.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "model/labels.h"

namespace promenade::api {

class JsonWriter {
 public:
  // `out` is appended to and must outlive the writer.
  explicit JsonWriter(std::string& out) : out_(out) {}

  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }
  // A name of our own, which needs no escaping.
  void key(std::string_view name);
  // A member's name that comes from data.
  void name(std::string_view name);

  // As Go's encoding/json writes strings: `<`, `>` and `&` are escaped too.
  void string(std::string_view text);
  // As Prometheus writes label names and values: `<`, `>` and `&` stay.
  void plain_string(std::string_view text);
  void integer(int64_t value);
  void unsigned_integer(uint64_t value);
  void number(double value);  // `null` for NaN and infinities, which JSON has no numbers for.
  void boolean(bool value);
  void null();

  // {"__name__":"up","job":"x"}
  void labels(const Labels& labels);
  // The same, and names under which texts stand, as Go's encoding/json writes maps: string().
  void map(const Labels& labels);
  void map(const std::map<std::string, std::string>& texts);
  // A sample value, in quotes: "0.1", "1e+21", "+Inf".
  void sample_value(double value);
  // Seconds since the epoch: 1700000600, or with three decimals.
  void sample_time(int64_t time_ms);

  // Elements, separated by commas, that are written already. At least one.
  void elements(std::string_view text) {
    separate();
    out_ += text;
  }

  void field(std::string_view name, std::string_view text) {
    key(name);
    string(text);
  }
  void map_field(std::string_view name, const auto& names_and_texts) {
    key(name);
    map(names_and_texts);
  }

 private:
  void open(char bracket);
  void close(char bracket);
  void separate();
  void quoted(std::string_view text, bool escape_html);

  std::string& out_;
  bool needs_comma_ = false;  // Whether a value stands before the present place.
};

}  // namespace promenade::api
