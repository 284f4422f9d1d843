// tests/unit/sim/memory_file_system_test.cc
#include "sim/memory_file_system.h"

#include <gtest/gtest.h>

namespace promenade::sim {
namespace {

// "a/ b:3" : folders with a slash, files with their size.
std::string listing(const MemoryFileSystem& files, const std::string& path) {
  const auto entries = files.list(path);
  if (!entries) return entries.error().message;
  std::string text;
  for (const FileEntry& entry : *entries) {
    text += (text.empty() ? "" : " ") + entry.name;
    text += entry.is_directory ? "/" : ":" + std::to_string(entry.size);
  }
  return text;
}

TEST(MemoryFileSystem, ReadsWhatWasWritten) {
  MemoryFileSystem files;
  files.write("etc/prometheus.yml", "global: {}");
  EXPECT_EQ(files.read("etc/prometheus.yml").value(), "global: {}");
  EXPECT_EQ(files.read("/etc//./prometheus.yml").value(), "global: {}");
  files.write("etc/prometheus.yml", "");
  EXPECT_EQ(files.read("etc/prometheus.yml").value(), "");
}

TEST(MemoryFileSystem, NamesThePathOfWhatDoesNotExist) {
  MemoryFileSystem files;
  for (const auto& error : {files.read("no/file").error(), files.map("no/file").error(),
                            files.append_to("no/file").error(), files.lock("no/file").error(),
                            files.list("no/file").error(), files.rename("no/file", "x").error()}) {
    EXPECT_EQ(error.code, ErrorCode::NotFound);
    EXPECT_EQ(error.message, "no/file: no such file or directory");
  }
}

TEST(MemoryFileSystem, FoldersAreNotFiles) {
  MemoryFileSystem files;
  files.write("data/wal", "x");
  EXPECT_EQ(files.read("data").error().message, "data: is a directory");
  EXPECT_EQ(files.append_to("data").error().code, ErrorCode::Internal);
  EXPECT_EQ(files.list("data/wal").error().message, "data/wal: is not a directory");
  EXPECT_EQ(files.create_directories("data/wal/x").error().message,
            "data/wal: is a file, not a directory");
}

TEST(MemoryFileSystem, AppendsAtTheEnd) {
  MemoryFileSystem files;
  files.write("log", "one ");
  auto file = files.append_to("log").value();
  EXPECT_EQ(file->size(), 4u);
  ASSERT_TRUE(file->append("two"));
  ASSERT_TRUE(file->sync());
  EXPECT_EQ(file->size(), 7u);
  EXPECT_EQ(files.read("log").value(), "one two");
  EXPECT_EQ(files.append_to("new").value()->size(), 0u);
  EXPECT_EQ(listing(files, ""), "log:7 new:0");
}

TEST(MemoryFileSystem, AMapStaysWhenTheFileGrowsOrGoes) {
  MemoryFileSystem files;
  files.write("block", "bytes");
  const auto map = files.map("block").value();
  ASSERT_TRUE(files.append_to("block").value()->append("!"));
  ASSERT_TRUE(files.remove("block"));
  EXPECT_EQ(map->bytes(), "bytes");
}

TEST(MemoryFileSystem, ListsAFolderSorted) {
  MemoryFileSystem files;
  files.write("data/b", "12");
  files.write("data/a/deep/file", "");
  files.write("data-2/x", "");
  EXPECT_EQ(listing(files, "data"), "a/ b:2");
  EXPECT_EQ(listing(files, "/"), "data/ data-2/");
}

TEST(MemoryFileSystem, RenameReplacesAFile) {
  MemoryFileSystem files;
  files.write("a", "new");
  files.write("b", "old");
  ASSERT_TRUE(files.rename("a", "b"));
  EXPECT_EQ(files.read("b").value(), "new");
  EXPECT_EQ(listing(files, ""), "b:3");
}

TEST(MemoryFileSystem, RenameMovesAFolderWithItsContent) {
  MemoryFileSystem files;
  files.write("tmp/chunks/1", "x");
  files.write("tmp-other", "y");
  ASSERT_TRUE(files.rename("tmp", "block"));
  EXPECT_EQ(files.read("block/chunks/1").value(), "x");
  EXPECT_EQ(listing(files, ""), "block/ tmp-other:1");
}

TEST(MemoryFileSystem, RenameRefusesWhatPosixRefuses) {
  MemoryFileSystem files;
  files.write("folder/file", "x");
  files.write("file", "y");
  EXPECT_EQ(files.rename("folder", "folder/file/x").error().code, ErrorCode::NotFound);
  EXPECT_EQ(files.rename("folder", "folder/x").error().message,
            "folder: a folder cannot be moved into itself");
  EXPECT_EQ(files.rename("folder", "file").error().code, ErrorCode::Internal);
  EXPECT_EQ(files.rename("file", "nowhere/file").error().code, ErrorCode::NotFound);
  EXPECT_TRUE(files.rename("file", "file"));
  EXPECT_EQ(files.read("folder/file").value(), "x");
}

TEST(MemoryFileSystem, RemovesAFolderWithAllThatIsInIt) {
  MemoryFileSystem files;
  files.write("data/a/b", "x");
  files.write("data2", "y");
  ASSERT_TRUE(files.remove("data"));
  EXPECT_EQ(listing(files, ""), "data2:1");
  EXPECT_TRUE(files.remove("data"));
  EXPECT_FALSE(files.remove("/"));
}

TEST(MemoryFileSystem, ALockIsHeldUntilItIsDestroyed) {
  MemoryFileSystem files;
  auto lock = files.lock("lock");
  ASSERT_TRUE(lock);
  EXPECT_EQ(files.lock("./lock").error().code, ErrorCode::Unavailable);
  lock->reset();
  EXPECT_TRUE(files.lock("lock"));
}

}  // namespace
}  // namespace promenade::sim
