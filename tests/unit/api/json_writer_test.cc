// Texts, numbers and commas as Go's encoding/json and Prometheus's own writers give them.
#include "api/json_writer.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>

namespace promenade::api {
namespace {

std::string written(const std::function<void(JsonWriter&)>& write) {
  std::string text;
  JsonWriter out(text);
  write(out);
  return text;
}

TEST(JsonWriter, PutsCommasBetweenMembersAndElementsOnly) {
  EXPECT_EQ(written([](JsonWriter& out) {
              out.begin_object();
              out.key("a");
              out.begin_array();
              out.end_array();
              out.key("b");
              out.begin_array();
              out.integer(1);
              out.begin_object();
              out.end_object();
              out.null();
              out.end_array();
              out.field("c", "x");
              out.end_object();
            }),
            R"({"a":[],"b":[1,{},null],"c":"x"})");
}

struct TextCase {
  std::string text;
  std::string html_escaped;
  std::string plain;
};

TEST(JsonWriter, EscapesTextsAsGoDoes) {
  const TextCase cases[] = {
      {"plain", R"("plain")", R"("plain")"},
      {"", R"("")", R"("")"},
      {"a\"b\\c", R"("a\"b\\c")", R"("a\"b\\c")"},
      {"\n\r\t\x01\x1f", R"("\n\r\t\u0001\u001f")", R"("\n\r\t\u0001\u001f")"},
      {"<&>", R"("\u003c\u0026\u003e")", R"("<&>")"},
      {"é√😀", R"("é√😀")", R"("é√😀")"},
      {"x\xff\xc3", R"("x\ufffd\ufffd")", R"("x\ufffd\ufffd")"},
      {"\xe2\x80\xa8", R"("\u2028")", "\"\xe2\x80\xa8\""},
  };
  for (const TextCase& test : cases) {
    EXPECT_EQ(written([&](JsonWriter& out) { out.string(test.text); }), test.html_escaped);
    EXPECT_EQ(written([&](JsonWriter& out) { out.plain_string(test.text); }), test.plain);
  }
}

TEST(JsonWriter, WritesNumbersThatJsonLacksAsNull) {
  EXPECT_EQ(written([](JsonWriter& out) { out.number(std::numeric_limits<double>::infinity()); }),
            "null");
  EXPECT_EQ(written([](JsonWriter& out) { out.number(std::numeric_limits<double>::quiet_NaN()); }),
            "null");
  EXPECT_EQ(written([](JsonWriter& out) { out.number(0.25); }), "0.25");
}

TEST(JsonWriter, WritesIntegersToTheirLimits) {
  EXPECT_EQ(written([](JsonWriter& out) { out.integer(INT64_MIN); }), "-9223372036854775808");
  EXPECT_EQ(written([](JsonWriter& out) { out.unsigned_integer(UINT64_MAX); }),
            "18446744073709551615");
}

TEST(JsonWriter, WritesLabelsInOrderAndEscapesTheirNames) {
  EXPECT_EQ(written([](JsonWriter& out) {
              out.labels(Labels{{"z", "<1>"}, {"__name__", "up"}, {"a\"b", "2"}});
            }),
            R"({"__name__":"up","a\"b":"2","z":"<1>"})");
}

TEST(JsonWriter, WritesSamplesAsPrometheusDoes) {
  EXPECT_EQ(written([](JsonWriter& out) {
              out.begin_array();
              out.sample_time(1'700'000'000'050);
              out.sample_value(1e21);
              out.end_array();
            }),
            R"([1700000000.050,"1e+21"])");
}

}  // namespace
}  // namespace promenade::api
