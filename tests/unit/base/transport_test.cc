// tests/unit/base/transport_test.cc
// Header fields keep their order and ignore case.
#include "base/transport.h"

#include <gtest/gtest.h>

namespace promenade {
namespace {

std::string dump(const HttpHeaders& headers) {
  std::string out;
  for (const auto& [name, value] : headers.fields()) out += name + ": " + value + "\n";
  return out;
}

TEST(HttpHeaders, SetReplacesAndAddRepeats) {
  HttpHeaders headers;
  headers.set("Accept", "a");
  headers.add("Cookie", "1");
  headers.add("cookie", "2");
  headers.set("ACCEPT", "b");
  EXPECT_EQ(dump(headers), "Accept: b\nCookie: 1\ncookie: 2\n");
}

TEST(HttpHeaders, GetFindsTheFirstInAnyCase) {
  HttpHeaders headers;
  headers.add("Content-Type", "text/plain");
  headers.add("content-type", "other");
  EXPECT_EQ(headers.get("CONTENT-TYPE"), "text/plain");
  EXPECT_EQ(headers.get("Content"), "");
}

}  // namespace
}  // namespace promenade
