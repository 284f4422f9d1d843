// Small texts of HTTP: header fields, dates, addresses, content types, gzip.
#include <gtest/gtest.h>
#include <zlib.h>

#include "native/gzip.h"
#include "native/http_fields.h"
#include "native/static_site.h"

namespace promenade::native {
namespace {

TEST(AcceptsEncoding, ReadsListsAndWeights) {
  EXPECT_TRUE(accepts_encoding("gzip", "gzip"));
  EXPECT_TRUE(accepts_encoding("deflate, GZIP;q=0.5 , br", "gzip"));
  EXPECT_FALSE(accepts_encoding("", "gzip"));
  EXPECT_FALSE(accepts_encoding("gzip;q=0", "gzip"));
  EXPECT_FALSE(accepts_encoding("gzip; q=0.000", "gzip"));
  EXPECT_TRUE(accepts_encoding("gzip;q=0.001", "gzip"));
  EXPECT_FALSE(accepts_encoding("x-gzip2", "gzip"));
}

TEST(NamesEntityTag, ComparesWeakly) {
  EXPECT_TRUE(names_entity_tag("\"a\"", "\"a\""));
  EXPECT_TRUE(names_entity_tag("\"x\", W/\"a\"", "\"a\""));
  EXPECT_TRUE(names_entity_tag("*", "\"a\""));
  EXPECT_FALSE(names_entity_tag("", "\"a\""));
  EXPECT_FALSE(names_entity_tag("\"ab\"", "\"a\""));
}

TEST(HttpDate, HasTheFixedForm) {
  EXPECT_EQ(http_date(784'111'777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
}

TEST(ContentType, ComesFromTheExtensionInAnyCase) {
  EXPECT_EQ(content_type("a/b.wasm"), "application/wasm");
  EXPECT_EQ(content_type("a.HTML"), "text/html; charset=utf-8");
  EXPECT_EQ(content_type("a.unknown"), "application/octet-stream");
  EXPECT_EQ(content_type("a"), "application/octet-stream");
}

std::string gunzip(const std::string& bytes) {
  std::string out(1 << 20, '\0');
  z_stream stream{};
  inflateInit2(&stream, MAX_WBITS + 16);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

TEST(Gzip, GivesTheBytesBack) {
  std::string noise;
  for (unsigned i = 0; i < 100'000; ++i) noise += static_cast<char>((i * 2'654'435'761u) >> 24);
  for (const std::string& text : {std::string(), std::string("a"), std::string(5000, 'x'), noise}) {
    EXPECT_EQ(gunzip(gzip(text)), text);
  }
  EXPECT_LT(gzip(std::string(5000, 'x')).size(), 100u);
}

}  // namespace
}  // namespace promenade::native
