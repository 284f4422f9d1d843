#pragma once  // engine/alertmanager/storage.h
// Small files that outlive a restart, read and written as a whole.
#include <functional>
#include <string>
#include <string_view>

#include "base/file_system.h"
#include "base/result.h"

namespace promenade::alertmanager {

// Hands the file's bytes to `load`, unless there is no such file. The error of `load` then names
// it.
Result<void> load_file(const FileSystem& files, const std::string& folder, std::string_view name,
                       const std::function<Result<void>(std::string_view)>& load);

// After a crash in the midst of this the file is the old one or the new one.
Result<void> store_file(FileSystem& files, const std::string& folder, std::string_view name,
                        std::string_view bytes);

}  // namespace promenade::alertmanager
