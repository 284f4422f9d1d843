// engine/sim/chaos/server_chaos.cc
// The state follows from what is under way, so that overlapping disturbances need no counting.
#include "sim/chaos/server_chaos.h"

#include <algorithm>

#include "sim/alertmanager_host.h"

namespace promenade::sim {
namespace {

constexpr std::string_view kNoSpace = "write to WAL: log samples: no space left on device";
// A key that no configuration has.
constexpr std::string_view kMistake = "\nscrape_configz: []\n";

}  // namespace

ServerChaos::ServerChaos(const Timeline& timeline, SimNet& net, MemoryFileSystem& files,
                         server::Server& prometheus, std::string config_file)
    : timeline_(timeline),
      net_(net),
      files_(files),
      prometheus_(prometheus),
      config_file_(std::move(config_file)) {}

const Disturbance* ServerChaos::under_way(Control control, Timestamp now) const {
  for (const Disturbance& disturbance : timeline_.all()) {
    if (disturbance.control == control && disturbance.is_under_way(now)) return &disturbance;
  }
  return nullptr;
}

void ServerChaos::apply(Timestamp now) {
  prometheus_.set_write_fault(under_way(Control::DiskFull, now) != nullptr ? std::string(kNoSpace)
                                                                           : "");
  break_config(under_way(Control::BrokenConfig, now) != nullptr);

  HostBehaviour alertmanager;
  alertmanager.is_reachable = under_way(Control::AlertmanagerDown, now) == nullptr;
  net_.set_behaviour(std::string(kAlertmanagerAuthority), alertmanager);

  HostBehaviour inbox;
  if (const Disturbance* slow = under_way(Control::ReceiverSlow, now)) {
    const double seconds = std::clamp(slow->number("seconds"), 0.0, 600.0);
    inbox.latency = Duration::milliseconds(static_cast<int64_t>(seconds * 1000));
  }
  net_.set_behaviour(std::string(kInboxAuthority), inbox);
  const Disturbance* error = under_way(Control::ReceiverError, now);
  set_receiver_status(
      error == nullptr ? 200 : static_cast<int>(std::clamp(error->number("status"), 100.0, 599.0)));
}

void ServerChaos::break_config(bool is_broken) {
  if (is_broken == !good_config_.empty()) return;
  if (is_broken) {
    const auto text = files_.read(config_file_);
    if (!text || text->empty()) return;
    good_config_ = *text;
    files_.write(config_file_, good_config_ + std::string(kMistake));
  } else {
    files_.write(config_file_, good_config_);
    good_config_.clear();
  }
  // It fails while the file is broken: that is the point, and the server's metrics show it.
  (void)prometheus_.reload();
}

void ServerChaos::set_receiver_status(int status) {
  if (status == receiver_status_ || !net_.has_host(kInboxAuthority)) return;
  receiver_status_ = status;
  HttpRequest request;
  request.method = "POST";
  request.url = "http://inbox/answer?status=" + std::to_string(status);
  net_.ask(request);
}

}  // namespace promenade::sim
