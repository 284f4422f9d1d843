// The promises of base/file_system.h on a real disk.
#include "native/posix_file_system.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace promenade::native {
namespace {

class PosixFileSystemTest : public testing::Test {
 protected:
  PosixFileSystemTest() {
    std::string folder = testing::TempDir() + "promenade-XXXXXX";
    root_ = std::string(::mkdtemp(folder.data())) + "/";
  }
  ~PosixFileSystemTest() override { (void)files_.remove(root_); }

  void write(const std::string& name, std::string_view bytes) {
    ASSERT_TRUE((*files_.append_to(root_ + name))->append(bytes));
  }

  PosixFileSystem files_;
  std::string root_;
};

TEST_F(PosixFileSystemTest, AppendsAcrossOpenings) {
  write("log", "one ");
  const auto again = files_.append_to(root_ + "log");
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ((*again)->size(), 4u);
  ASSERT_TRUE((*again)->append("two"));
  ASSERT_TRUE((*again)->sync());
  EXPECT_EQ((*again)->size(), 7u);
  EXPECT_EQ(*files_.read(root_ + "log"), "one two");
}

TEST_F(PosixFileSystemTest, AMappingOutlivesItsFile) {
  write("block", "bytes");
  const auto mapped = files_.map(root_ + "block");
  ASSERT_TRUE(mapped.has_value());
  ASSERT_TRUE(files_.remove(root_ + "block"));
  EXPECT_EQ((*mapped)->bytes(), "bytes");
  write("empty", "");
  EXPECT_EQ((*files_.map(root_ + "empty"))->bytes(), "");
}

TEST_F(PosixFileSystemTest, ListsSortedByName) {
  write("b", "12");
  write("a", "");
  ASSERT_TRUE(files_.create_directories(root_ + "c/d"));
  const auto entries = files_.list(root_);
  ASSERT_TRUE(entries.has_value());
  ASSERT_EQ(entries->size(), 3u);
  EXPECT_EQ((*entries)[0].name, "a");
  EXPECT_EQ((*entries)[1].size, 2u);
  EXPECT_TRUE((*entries)[2].is_directory);
}

TEST_F(PosixFileSystemTest, RenameReplacesTheTarget) {
  write("new", "2");
  write("old", "1");
  ASSERT_TRUE(files_.rename(root_ + "new", root_ + "old"));
  EXPECT_EQ(*files_.read(root_ + "old"), "2");
  EXPECT_FALSE(files_.read(root_ + "new").has_value());
}

TEST_F(PosixFileSystemTest, RemovingWhatIsAbsentSucceeds) {
  EXPECT_TRUE(files_.remove(root_ + "nothing").has_value());
}

TEST_F(PosixFileSystemTest, ALockIsHeldUntilItIsDestroyed) {
  auto lock = files_.lock(root_ + "lock");
  ASSERT_TRUE(lock.has_value());
  const auto second = files_.lock(root_ + "lock");
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, ErrorCode::Unavailable);
  lock->reset();
  EXPECT_TRUE(files_.lock(root_ + "lock").has_value());
}

TEST_F(PosixFileSystemTest, ErrorsNameThePath) {
  const auto missing = files_.read(root_ + "nothing");
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, ErrorCode::NotFound);
  EXPECT_EQ(missing.error().message, "open " + root_ + "nothing: no such file or directory");
  EXPECT_EQ(files_.map(root_ + "nothing").error().code, ErrorCode::NotFound);
  EXPECT_EQ(files_.list(root_ + "nothing").error().code, ErrorCode::NotFound);
  EXPECT_EQ(files_.rename(root_ + "nothing", root_ + "x").error().code, ErrorCode::NotFound);
  EXPECT_EQ(files_.append_to(root_ + "no/file").error().code, ErrorCode::NotFound);
  const auto folder = files_.read(root_);
  ASSERT_FALSE(folder.has_value());
  EXPECT_EQ(folder.error().message, "read " + root_ + ": is a directory");
}

}  // namespace
}  // namespace promenade::native
