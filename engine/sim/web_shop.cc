// engine/sim/web_shop.cc
// How the shop's day makes demand, how demand and incidents become each instance's conditions,
// and how the network shows them to who scrapes.
#include "sim/web_shop.h"

#include <algorithm>
#include <utility>

#include "base/strings.h"
#include "exposition/writer.h"

namespace promenade::sim {
namespace {

constexpr std::string_view kPlainText = "text/plain; charset=utf-8";
constexpr Duration kTick = Duration::seconds(5);
constexpr Duration kDay = Duration::hours(24);
// Longer than any scrape_timeout that a lesson sets.
constexpr Duration kTooSlow = Duration::seconds(40);
// How many orders an instance of checkout can process; plenty, as long as payments answer.
constexpr double kOrdersProcessedPerSecond = 1.2;

// What the trouble in one service does to another, by cause and strength.
void apply_payment_provider_down(ServiceName service, double strength, Conditions& out) {
  const auto add = [&out](Cause cause, double share) {
    out.failure_shares[static_cast<size_t>(cause)] += share;
  };
  switch (service) {
    case ServiceName::Payments:
      add(Cause::Upstream, 0.6 * strength);
      add(Cause::Overload, 0.1 * strength);
      out.slowness *= 1 + 9 * strength;
      break;
    case ServiceName::Checkout:
      add(Cause::Upstream, 0.5 * strength);
      out.slowness *= 1 + strength;
      out.orders_processed_per_second *= 0.02;
      break;
    case ServiceName::Frontend:
      add(Cause::Upstream, 0.02 * strength);
      break;
    case ServiceName::Catalog:
      break;
  }
}

void apply_catalog_database_slow(ServiceName service, double strength, Conditions& out) {
  const auto add = [&out](Cause cause, double share) {
    out.failure_shares[static_cast<size_t>(cause)] += share;
  };
  if (service == ServiceName::Catalog) {
    add(Cause::Own, 0.06 * strength);
    add(Cause::Overload, 0.12 * strength);
    out.slowness *= 1 + 14 * strength;
  } else if (service == ServiceName::Frontend) {
    add(Cause::Upstream, 0.04 * strength);
    add(Cause::Overload, 0.02 * strength);
    out.slowness *= 1 + 5 * strength;
  }
}

void apply(const ServiceTrouble& trouble, size_t index, const Instance& instance, Conditions& out) {
  const ServiceName service = instance.service->name;
  // What production suffers from does not reach staging, which has its own stand-ins.
  if (instance.is_staging) return;
  switch (trouble.kind) {
    case ServiceTrouble::Kind::PaymentProviderDown:
      return apply_payment_provider_down(service, trouble.strength, out);
    case ServiceTrouble::Kind::CatalogDatabaseSlow:
      return apply_catalog_database_slow(service, trouble.strength, out);
    case ServiceTrouble::Kind::BadRelease:
      if (index == trouble.instance) {
        out.failure_shares[static_cast<size_t>(Cause::Own)] += 0.15 * trouble.strength;
      }
      return;
    case ServiceTrouble::Kind::Campaign:
      return;  // Part of the demand.
  }
}

HttpResponse text_response(int status, std::string_view content_type, std::string_view body) {
  HttpResponse response;
  response.status = status;
  response.headers.set("Content-Type", std::string(content_type));
  response.body = body;
  return response;
}

}  // namespace

WebShop::WebShop(uint64_t seed, Clock& clock, SimNet& net)
    : random_(Random(seed).fork("web-shop")),
      clock_(clock),
      net_(net),
      start_(clock.now()),
      instances_(shop_instances(seed)),
      schedule_(seed, start_, instances_),
      peak_sessions_per_second_(8 + 6 * random_.uniform()),
      day_phase_(random_.uniform()),
      mood_(random_.next(), Duration::minutes(7)),
      flutter_(random_.next(), Duration::seconds(50)) {
  for (size_t i = 0; i < instances_.size(); ++i) add_host(i);
  plan_slot(0);
}

void WebShop::add_host(size_t index) {
  const Instance& instance = instances_[index];
  Random random = random_.fork(instance.host);
  const Duration age = Duration::milliseconds(random.between(40 * 60'000, 9 * 3'600'000));
  const Duration latency = Duration::milliseconds(random.between(2, 9));
  auto host = std::make_unique<Host>(instance, random);
  host->process.start(start_ - age);
  host->next_tick = start_;
  host->latency = latency;
  hosts_.push_back(std::move(host));
  run_prehistory(index, age);
  net_.add_host(
      instance.authority,
      [this, index](const HttpRequest& request) { return answer(index, request); },
      HostBehaviour{latency, true});
}

// What the counters show when the world begins: one long, quiet tick.
void WebShop::run_prehistory(size_t index, Duration age) {
  Conditions average;
  average.sessions_per_second = 0.6 * peak_sessions_per_second_ * share_of_traffic(index, start_);
  average.orders_processed_per_second = kOrdersProcessedPerSecond;
  hosts_[index]->process.run(start_ - age, age, average);
}

HttpResponse WebShop::answer(size_t index, const HttpRequest& request) {
  const std::string_view path = split_url(request.url).path;
  if (!is_running(index, clock_.now())) {
    return text_response(503, kPlainText, instances_[index].host + " is restarting\n");
  }
  if (path == "/metrics") {
    advance(index, clock_.now());
    Host& host = *hosts_[index];
    return text_response(200, exposition::kTextContentType, host.page.render(host.process));
  }
  return text_response(
      404, kPlainText,
      instances_[index].host + " is a simulated service; what it shows is at /metrics\n");
}

void WebShop::advance(size_t index, Timestamp now) {
  Timestamp& next = hosts_[index]->next_tick;
  while (next + kTick <= now) {
    tick(index, next);
    next = next + kTick;
  }
}

void WebShop::tick(size_t index, Timestamp at) {
  ServiceInstance& process = hosts_[index]->process;
  if (is_running(index, at)) {
    process.run(at, kTick, conditions(index, at));
  } else if (is_running(index, at + kTick)) {
    process.start(at + kTick);
  }
}

bool WebShop::is_running(size_t index, Timestamp at) {
  bool is_running = true;
  schedule_.for_each_at(at, &Incidents::restarts, [&](const Restart& restart) {
    if (restart.instance == index) is_running = false;
  });
  return is_running;
}

Conditions WebShop::conditions(size_t index, Timestamp at) {
  const Instance& instance = instances_[index];
  Conditions conditions;
  conditions.sessions_per_second = sessions_per_second(at) * share_of_traffic(index, at);
  conditions.orders_processed_per_second = kOrdersProcessedPerSecond;
  schedule_.for_each_at(at, &Incidents::service_troubles, [&](const ServiceTrouble& trouble) {
    apply(trouble, index, instance, conditions);
  });
  return conditions;
}

double WebShop::sessions_per_second(Timestamp at) {
  const double turns =
      day_phase_ + static_cast<double>((at - start_).ms) / static_cast<double>(kDay.ms);
  const double time_of_day = 0.65 + 0.35 * sine_of_turns(turns);
  const double noise = 1 + 0.12 * mood_.at(at) + 0.06 * flutter_.at(at);
  double campaigns = 1;
  schedule_.for_each_at(at, &Incidents::service_troubles, [&](const ServiceTrouble& trouble) {
    if (trouble.kind == ServiceTrouble::Kind::Campaign) campaigns += trouble.strength;
  });
  return peak_sessions_per_second_ * time_of_day * noise * campaigns;
}

// The load balancer gives every running instance its weight; who is down leaves it to the others.
double WebShop::share_of_traffic(size_t index, Timestamp at) {
  const Instance& mine = instances_[index];
  if (mine.is_staging) return mine.weight;
  double all = 0;
  for (size_t i = 0; i < instances_.size(); ++i) {
    const Instance& other = instances_[i];
    if (other.service == mine.service && !other.is_staging) all += other.weight;
  }
  schedule_.for_each_at(at, &Incidents::restarts, [&](const Restart& restart) {
    const Instance& down = instances_[restart.instance];
    if (down.service == mine.service && restart.instance != index) all -= down.weight;
  });
  return mine.weight / std::max(all, mine.weight);
}

void WebShop::plan_slot(int64_t slot) {
  const Incidents& incidents = schedule_.slot(slot);
  for (const Restart& restart : incidents.restarts) plan_changes(restart.instance, restart.span);
  for (const ScrapeTrouble& trouble : incidents.scrape_troubles) {
    plan_changes(trouble.instance, trouble.span);
  }
  clock_.call_at(schedule_.slot_start(slot + 1), [this, slot] { plan_slot(slot + 1); });
}

void WebShop::plan_changes(size_t index, TimeRange span) {
  clock_.call_at(span.start, [this, index] { refresh_reachability(index); });
  clock_.call_at(span.end, [this, index] { refresh_reachability(index); });
}

void WebShop::refresh_reachability(size_t index) {
  HostBehaviour behaviour{hosts_[index]->latency, is_running(index, clock_.now())};
  schedule_.for_each_at(clock_.now(), &Incidents::scrape_troubles,
                        [&](const ScrapeTrouble& trouble) {
                          if (trouble.instance != index) return;
                          if (trouble.kind == ScrapeTrouble::Kind::TooSlow) {
                            behaviour.latency = kTooSlow;
                          } else {
                            behaviour.is_reachable = false;
                          }
                        });
  net_.set_behaviour(instances_[index].authority, behaviour);
}

std::string WebShop::prometheus_config() const {
  std::string yaml =
      "global:\n"
      "  scrape_interval: 15s\n"
      "  scrape_timeout: 10s\n"
      "  evaluation_interval: 15s\n"
      "scrape_configs:\n"
      "  - job_name: prometheus\n"
      "    static_configs:\n"
      "      - targets: [\"prometheus:9090\"]\n";
  const auto add_group = [&yaml](std::string_view env, const std::vector<std::string>& targets) {
    if (targets.empty()) return;
    yaml += "      - targets: [" + join(targets, ", ") + "]\n";
    yaml += "        labels:\n          env: " + std::string(env) + "\n";
  };
  for (const Service& service : shop_services()) {
    std::vector<std::string> production, staging;
    for (const Instance& instance : instances_) {
      if (instance.service != &service) continue;
      (instance.is_staging ? staging : production).push_back('"' + instance.authority + '"');
    }
    yaml += "  - job_name: " + std::string(service.job) + "\n    static_configs:\n";
    add_group("prod", production);
    add_group("staging", staging);
  }
  return yaml;
}

}  // namespace promenade::sim
