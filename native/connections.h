#pragma once  // native/connections.h
// The connections that are open, over all listeners: counts them against --web.max-connections and
// closes them when the server stops. Used on the event loop only.
#include <cstddef>
#include <functional>
#include <set>
#include <utility>
#include <vector>

namespace promenade::native {

class Connection {
 public:
  virtual ~Connection() = default;
  // Closes at once when idle, else after the response that is under way.
  virtual void finish() = 0;
  // Stops the work on the response that is under way, which then is an error.
  virtual void abandon() = 0;
};

class Connections {
 public:
  // 0 means no limit.
  explicit Connections(size_t count_max) : count_max_(count_max) {}

  bool is_full() const { return count_max_ > 0 && open_.size() >= count_max_; }
  bool is_stopping() const { return is_stopping_; }
  size_t count() const { return open_.size(); }

  void add(Connection* connection) { open_.insert(connection); }
  void remove(Connection* connection);
  // Calls `resume` once, when there is room for a connection again.
  void when_not_full(std::function<void()> resume) { waiting_.push_back(std::move(resume)); }
  void finish_all();
  void abandon_all();

 private:
  size_t count_max_;
  bool is_stopping_ = false;
  std::set<Connection*> open_;
  std::vector<std::function<void()>> waiting_;
};

}  // namespace promenade::native
