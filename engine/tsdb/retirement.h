#pragma once  // engine/tsdb/retirement.h
// What the head has dropped but open snapshots may still be reading: it is kept until all snapshots
// that were open at the time are closed. Used on the event loop only, which is where snapshots are
// opened and closed; what lies between, reading them, needs no lock.
#include <cstdint>
#include <deque>
#include <memory>
#include <set>
#include <utility>

namespace promenade::tsdb {

class Retirement {
 public:
  // The number of a snapshot that is opened now, for close().
  uint64_t open() {
    open_.insert(++newest_);
    return newest_;
  }

  void close(uint64_t number) {
    open_.erase(number);
    const uint64_t oldest = open_.empty() ? UINT64_MAX : *open_.begin();
    while (!kept_.empty() && kept_.front().newest < oldest) kept_.pop_front();
  }

  // Takes over what is not to be found any more; frees it at once if nobody can be reading it.
  template <typename Owner>
  void retire(Owner owner) {
    if (open_.empty()) return;
    kept_.push_back({newest_, std::make_shared<Owner>(std::move(owner))});
  }

  size_t kept_count() const { return kept_.size(); }

 private:
  struct Kept {
    uint64_t newest;  // The last snapshot that can be reading it.
    std::shared_ptr<void> owner;
  };

  uint64_t newest_ = 0;
  std::set<uint64_t> open_;
  std::deque<Kept> kept_;
};

}  // namespace promenade::tsdb
