#pragma once  // engine/sim/sim_net.h
// A network inside the process: host names map to handlers. It is the Transport of every
// simulated Prometheus, and hands a page's own requests to any host of its world.
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"
#include "base/transport.h"

namespace promenade::sim {

struct HostBehaviour {
  Duration latency = Duration::milliseconds(3);  // From request to complete response.
  bool is_reachable = true;                      // False: "connection refused".
};

class SimNet final : public Transport {
 public:
  explicit SimNet(Clock& clock) : clock_(clock) {}

  // `authority` is host:port as it stands in URLs ("shop-1:8080").
  void add_host(std::string authority, HttpHandler handler, HostBehaviour behaviour = {});
  void remove_host(const std::string& authority);  // Then there is no such host.
  void set_behaviour(const std::string& authority, HostBehaviour behaviour);
  bool has_host(std::string_view authority) const;

  // Who answers dns: questions, with one record a line; without one no name exists.
  using NameService = std::function<std::string(std::string_view name, std::string_view type)>;
  void set_name_service(NameService name_service);

  // Transport. The handler runs when the response is due, at the virtual instant now + latency;
  // a latency beyond the timeout fails at the timeout.
  RequestId send(HttpRequest request, SendOptions options, Callback callback) override;
  void cancel(RequestId id) override;

  // How many requests a host has answered; those by ask() don't count.
  uint64_t answered() const { return answered_; }

  // Asks a host now, without latency: how a page queries the servers of its world. 502 when there
  // is no such host.
  HttpResponse ask(const HttpRequest& request);

 private:
  struct Host {
    HttpHandler handler;
    HostBehaviour behaviour;
  };
  HttpResponse look_up(std::string_view url) const;
  Result<HttpResponse> respond(const std::string& authority, const HttpRequest& request,
                               uint64_t body_size_max);

  Clock& clock_;
  std::map<std::string, Host, std::less<>> hosts_;
  NameService name_service_;
  std::map<uint64_t, TimerId> pending_;
  uint64_t last_id_ = 0;
  uint64_t answered_ = 0;
};

}  // namespace promenade::sim
