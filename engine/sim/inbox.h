#pragma once  // engine/sim/inbox.h
// Where the notifications of a world's Alertmanager arrive: it stands in for Slack, PagerDuty, the
// mail server and every other service that the world itself does not have, takes what they are
// sent, and shows it.
//
//   GET http://inbox/notifications?receiver=team-a&integration=slack   both may be left out
//   {"notifications":[{"time":1767225630.2,"receiver":"team-a","integration":"slack[0]",
//     "status":"firing","reason":"first notification","groupLabels":{},"subject":"[FIRING:1] ...",
//     "text":"...","alerts":[{"status":"firing","labels":{},"annotations":{},
//     "startsAt":"2026-01-01T00:00:00Z","endsAt":"..." once resolved}],"alertsLeftOut":0}],
//     "forgotten":0}
//
// Oldest first. POST http://inbox/answer?status=503 makes the services answer that from now on, to
// see a notification tried again; 200 ends it.
#include <deque>
#include <string>
#include <vector>

#include "alertmanager/delivery_observer.h"
#include "alertmanager/receivers/mailer.h"
#include "base/clock.h"
#include "sim/sim_net.h"

namespace promenade::sim {

inline constexpr std::string_view kInboxAuthority = "inbox";
// What a day of a restless world sends; older ones are forgotten, and counted.
inline constexpr size_t kInboxNotificationsMax = 2000;
inline constexpr size_t kInboxBytesMax = size_t{8} << 20;
// Of one notification: the beginning of its text, and the first of its alerts, are kept.
inline constexpr size_t kInboxTextBytesMax = size_t{64} << 10;
inline constexpr size_t kInboxAlertsMax = 200;

class Inbox final : public Transport,
                    public alertmanager::Mailer,
                    public alertmanager::DeliveryObserver {
 public:
  // Both must outlive the inbox, which is a host of `net` from now on.
  Inbox(Clock& clock, SimNet& net);
  Inbox(const Inbox&) = delete;  // The host points here.
  Inbox& operator=(const Inbox&) = delete;

  // Transport: requests to hosts of the net go there, all others are answered by the inbox.
  RequestId send(HttpRequest request, SendOptions options, Transport::Callback callback) override;
  void cancel(RequestId id) override;

  // Mailer.
  alertmanager::MailId send(alertmanager::Mail mail, Duration timeout,
                            Mailer::Callback callback) override;
  void cancel(alertmanager::MailId id) override;

  void on_delivered(const alertmanager::Delivered& delivered) override;

 private:
  struct Entry {
    std::string receiver;
    std::string integration;
    std::string json;
  };

  HttpResponse handle(const HttpRequest& request);
  HttpResponse show(const HttpRequest& request) const;
  HttpResponse set_answer(const HttpRequest& request);
  HttpResponse service_answer() const;

  Clock& clock_;
  SimNet& net_;
  std::deque<Entry> entries_;
  size_t bytes_ = 0;  // Of their JSON.
  uint64_t forgotten_ = 0;
  int answer_status_ = 200;
  std::map<uint64_t, TimerId> mails_;  // On their way.
  uint64_t last_mail_ = 0;
};

}  // namespace promenade::sim
