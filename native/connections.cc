// Nothing but bookkeeping; copies are made before callbacks, which change the sets.
#include "native/connections.h"

namespace promenade::native {

void Connections::remove(Connection* connection) {
  open_.erase(connection);
  if (is_stopping_ || is_full()) return;
  const auto resumed = std::exchange(waiting_, {});
  for (const auto& resume : resumed) resume();
}

void Connections::finish_all() {
  is_stopping_ = true;
  const std::vector<Connection*> open(open_.begin(), open_.end());
  for (Connection* connection : open) connection->finish();
}

void Connections::abandon_all() {
  for (Connection* connection : open_) connection->abandon();
}

}  // namespace promenade::native
