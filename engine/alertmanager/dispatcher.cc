// A group has at most one flush under way; a tick that comes meanwhile waits for its end.
#include "alertmanager/dispatcher.h"

#include <algorithm>
#include <optional>

namespace promenade::alertmanager {
namespace {

// The least time that a flush gets for its deliveries.
constexpr Duration kFlushTimeMin = Duration::seconds(10);

}  // namespace

class Dispatcher::Group {
 public:
  Group(Clock& clock, const Route& route, Labels labels, Pipeline& pipeline, Timestamp not_before)
      : clock_(clock),
        route_(route),
        labels_(std::move(labels)),
        key_(route.group_key(labels_)),
        pipeline_(pipeline),
        since_(clock.now()),
        not_before_(not_before) {
    set_timer(clock_.now() + route_.options().group_wait);
  }
  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;
  ~Group() { clock_.cancel(timer_); }

  void add(const AlertPtr& alert) {
    alerts_[alert->id] = alert;
    // Old news need not wait: it has waited elsewhere.
    const bool is_overdue = alert->starts_at + route_.options().group_wait < clock_.now();
    if (!has_flushed_ && is_overdue) set_timer(clock_.now());
  }

  bool is_idle() const { return alerts_.empty() && !run_; }

  GroupView view() const {
    GroupView view{&route_, labels_, {}};
    for (const auto& [id, alert] : alerts_) view.alerts.push_back(alert);
    return view;
  }

 private:
  void set_timer(Timestamp when) {
    clock_.cancel(timer_);
    timer_ = clock_.call_at(std::max(when, not_before_), [this] { tick(); });
  }

  void tick() {
    has_flushed_ = true;
    set_timer(clock_.now() + route_.options().group_interval);
    if (run_) {
      is_tick_waiting_ = true;
    } else {
      flush();
    }
  }

  void flush() {
    if (alerts_.empty()) return;
    const Timestamp now = clock_.now();
    GroupFlush flush{route_,
                     key_,
                     labels_,
                     since_,
                     snapshot(now),
                     now,
                     now + std::max(route_.options().group_interval, kFlushTimeMin)};
    flushed_ = flush.alerts;
    run_ = pipeline_.start(std::move(flush), [this](bool succeeded) { on_done(succeeded); });
    if (!run_) forget_resolved();
  }

  std::vector<NotifiedAlert> snapshot(Timestamp now) const {
    std::vector<NotifiedAlert> alerts;
    for (const auto& [id, alert] : alerts_) alerts.push_back({alert, alert->is_resolved_at(now)});
    std::stable_sort(alerts.begin(), alerts.end(),
                     [](const NotifiedAlert& a, const NotifiedAlert& b) {
                       return comes_before(a.alert->labels, b.alert->labels);
                     });
    return alerts;
  }

  void on_done(bool succeeded) {
    run_.reset();
    if (succeeded) forget_resolved();  // Else they are told at the next tick.
    if (!is_tick_waiting_) return;
    is_tick_waiting_ = false;
    flush();
  }

  // Those that were told as resolved and have not changed since.
  void forget_resolved() {
    for (const NotifiedAlert& told : flushed_) {
      const auto found = alerts_.find(told.alert->id);
      if (told.is_resolved && found != alerts_.end() && found->second == told.alert) {
        alerts_.erase(found);
      }
    }
    flushed_.clear();
  }

  Clock& clock_;
  const Route& route_;
  Labels labels_;
  std::string key_;
  Pipeline& pipeline_;
  Timestamp since_;
  Timestamp not_before_;
  std::map<uint64_t, AlertPtr> alerts_;
  std::vector<NotifiedAlert> flushed_;
  bool has_flushed_ = false;
  bool is_tick_waiting_ = false;
  TimerId timer_{};
  std::unique_ptr<Pipeline::Run> run_;
};

Dispatcher::Dispatcher(Clock& clock, const RouteTree& routes, Pipeline& pipeline,
                       DispatcherOptions options)
    : clock_(clock),
      routes_(routes),
      pipeline_(pipeline),
      options_(options),
      started_(clock.now()),
      sweep_timer_(clock.call_at(started_ + options.maintenance_interval, [this] { sweep(); })) {}

Dispatcher::~Dispatcher() {
  clock_.cancel(sweep_timer_);
}

void Dispatcher::add(const AlertPtr& alert) {
  for (const Route* route : routes_.match(alert->labels)) {
    Labels labels = route->group_labels(alert->labels);
    auto& group = groups_[{route->index(), std::string(labels.bytes())}];
    if (!group) {
      group = std::make_unique<Group>(clock_, *route, std::move(labels), pipeline_,
                                      started_ + options_.start_delay);
    }
    group->add(alert);
  }
}

std::vector<GroupView> Dispatcher::groups() const {
  std::vector<GroupView> views;
  for (const auto& [key, group] : groups_) views.push_back(group->view());
  return views;
}

void Dispatcher::sweep() {
  std::erase_if(groups_, [](const auto& entry) { return entry.second->is_idle(); });
  sweep_timer_ = clock_.call_at(clock_.now() + options_.maintenance_interval, [this] { sweep(); });
}

}  // namespace promenade::alertmanager
