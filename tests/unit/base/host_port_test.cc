// Addresses taken apart and put together.
#include "base/host_port.h"

#include <gtest/gtest.h>

namespace promenade {
namespace {

struct AddressCase {
  std::string text, host, port;
};

TEST(HostPort, SplitsAndJoins) {
  const AddressCase cases[] = {{"127.0.0.1:9090", "127.0.0.1", "9090"},
                               {"[::1]:9090", "::1", "9090"},
                               {":9090", "", "9090"},
                               {"[::1]", "::1", ""},
                               {"host", "host", ""}};
  for (const AddressCase& test : cases) {
    const HostPort parts = split_host_port(test.text);
    EXPECT_EQ(parts.host, test.host);
    EXPECT_EQ(parts.port, test.port);
    EXPECT_EQ(join_host_port(parts.host, parts.port), test.text);
  }
  EXPECT_EQ(split_host_port("host:").host, "host");
}

}  // namespace
}  // namespace promenade
