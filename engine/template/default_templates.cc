// engine/template/default_templates.cc
// Alertmanager's default templates under its names. What the notifications look like is fixed,
// since people have filters and tests for it; the e-mail's page is our own. Most receivers share a
// few shapes, so this is a table of names and bodies.
#include <array>
#include <string>
#include <string_view>

#include "base/check.h"
#include "template/alertmanager_functions.h"

namespace promenade::templates {
namespace {

struct Definition {
  std::string_view name;
  std::string_view body;
};

// Shapes. Line ends count: they are part of the messages.
#define SUBJECT "{{ template \"__subject\" . }}"
#define PRODUCT "{{ template \"__alertmanager\" . }}"
#define LINK "{{ template \"__alertmanagerURL\" . }}"
#define SUMMARY "{{ .CommonAnnotations.SortedPairs.Values | join \" \" }}"
#define SECTIONS "{{ template \"__sections\" . }}"
#define DENSE_SECTIONS "{{ template \"__dense_sections\" . }}"

constexpr std::array<Definition, 53> kDefinitions = {{
    {"__alertmanager", "Alertmanager"},
    {"__alertmanagerURL", "{{ .ExternalURL }}/#/alerts?receiver={{ urlquery .Receiver }}"},
    {"__description", ""},
    // [FIRING:2] what the group has in common (what all its alerts have in common beside that)
    {"__subject",
     "[{{ toUpper .Status }}{{ if eq .Status \"firing\" }}:{{ len .Alerts.Firing }}{{ end }}] "
     "{{ join \" \" .GroupLabels.SortedPairs.Values }} "
     "{{ if gt (len .CommonLabels) (len .GroupLabels) }}("
     "{{ with .CommonLabels.Remove .GroupLabels.Names }}{{ join \" \" .Values }}{{ end }}"
     "){{ end }}"},
    {"__pairs", "{{ range .SortedPairs }} - {{ .Name }} = {{ .Value }}\n{{ end }}"},
    {"__text_alert_list",
     "{{ range . }}Labels:\n{{ template \"__pairs\" .Labels }}"
     "Annotations:\n{{ template \"__pairs\" .Annotations }}"
     "Source: {{ .GeneratorURL }}\n{{ end }}"},
    {"__markdown_pairs", "{{ range .SortedPairs }}  - {{ .Name }} = {{ .Value }}\n{{ end }}"},
    {"__text_alert_list_markdown",
     "{{ range . }}\nLabels:\n{{ template \"__markdown_pairs\" .Labels }}\n"
     "Annotations:\n{{ template \"__markdown_pairs\" .Annotations }}\n"
     "Source: {{ .GeneratorURL }}\n{{ end }}\n"},
    // The alerts by state; an empty state leaves its blank lines.
    {"__sections",
     "\n{{ with .Alerts.Firing }}\nAlerts Firing:\n{{ template \"__text_alert_list\" . }}\n{{ end "
     "}}"
     "\n{{ with .Alerts.Resolved }}\nAlerts Resolved:\n{{ template \"__text_alert_list\" . }}\n"
     "{{ end }}\n"},
    {"__markdown_sections",
     "\n{{ with .Alerts.Firing }}\n# Alerts Firing:\n"
     "{{ template \"__text_alert_list_markdown\" . }}\n{{ end }}"
     "\n{{ with .Alerts.Resolved }}\n# Alerts Resolved:\n"
     "{{ template \"__text_alert_list_markdown\" . }}\n{{ end }}\n"},
    {"__dense_sections",
     "\n{{ with .Alerts.Firing }}Alerts Firing:\n{{ template \"__text_alert_list\" . }}{{ end }}"
     "\n{{ with .Alerts.Resolved }}Alerts Resolved:\n{{ template \"__text_alert_list\" . }}{{ end "
     "}}"},

    {"slack.default.title", SUBJECT},
    {"slack.default.username", PRODUCT},
    {"slack.default.fallback", SUBJECT " | " LINK},
    {"slack.default.callbackid", ""},
    {"slack.default.pretext", ""},
    {"slack.default.titlelink", LINK},
    {"slack.default.iconemoji", ""},
    {"slack.default.iconurl", ""},
    {"slack.default.text", ""},
    {"slack.default.footer", ""},

    {"pagerduty.default.description", SUBJECT},
    {"pagerduty.default.client", PRODUCT},
    {"pagerduty.default.clientURL", LINK},
    {"pagerduty.default.instances", "{{ template \"__text_alert_list\" . }}"},

    {"opsgenie.default.message", SUBJECT},
    {"opsgenie.default.description", SUMMARY DENSE_SECTIONS},
    {"opsgenie.default.source", LINK},

    {"wechat.default.message", SUBJECT "\n" SUMMARY DENSE_SECTIONS "\nAlertmanagerUrl:\n" LINK},
    {"wechat.default.to_user", ""},
    {"wechat.default.to_party", ""},
    {"wechat.default.to_tag", ""},
    {"wechat.default.agent_id", ""},

    {"victorops.default.state_message", SUMMARY DENSE_SECTIONS},
    {"victorops.default.entity_display_name", SUBJECT},
    {"victorops.default.monitoring_tool", PRODUCT},

    {"pushover.default.title", SUBJECT},
    {"pushover.default.message", SUMMARY SECTIONS},
    {"pushover.default.url", LINK},

    {"sns.default.subject", SUBJECT},
    {"sns.default.message", SUMMARY SECTIONS},

    {"telegram.default.message", SECTIONS},
    {"discord.default.title", SUBJECT},
    {"discord.default.message", SECTIONS},
    {"webex.default.message", SUMMARY SECTIONS},

    {"msteams.default.summary", SUBJECT},
    {"msteams.default.title", SUBJECT},
    {"msteams.default.text", "{{ template \"__markdown_sections\" . }}"},
    {"msteamsv2.default.title", SUBJECT},
    {"msteamsv2.default.text", "{{ template \"__markdown_sections\" . }}"},

    {"email.default.subject", SUBJECT},
    {"__email_alert",
     "<table style=\"margin:0 0 16px;border-left:3px solid #c2410c;padding-left:12px\">"
     "{{ range .Labels.SortedPairs }}<tr><td>{{ .Name }}</td><td>{{ .Value }}</td></tr>\n{{ end }}"
     "{{ range .Annotations.SortedPairs }}"
     "<tr><td><i>{{ .Name }}</i></td><td><i>{{ .Value }}</i></td></tr>\n{{ end }}"
     "{{ if .GeneratorURL }}<tr><td></td><td><a href=\"{{ .GeneratorURL }}\">Source</a></td></tr>"
     "{{ end }}</table>\n"},
    {"email.default.html",
     "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>" SUBJECT "</title></head>\n"
     "<body style=\"font-family:sans-serif;color:#1c1917\">\n<h1 style=\"font-size:18px\">"
     "{{ len .Alerts }} alert{{ if gt (len .Alerts) 1 }}s{{ end }} for "
     "{{ range .GroupLabels.SortedPairs }}{{ .Name }}={{ .Value }} {{ end }}</h1>\n"
     "<p><a href=\"" LINK "\">View in " PRODUCT "</a></p>\n"
     "{{ with .Alerts.Firing }}<h2 style=\"font-size:15px\">[{{ len . }}] Firing</h2>\n"
     "{{ range . }}{{ template \"__email_alert\" . }}{{ end }}{{ end }}"
     "{{ with .Alerts.Resolved }}<h2 style=\"font-size:15px\">[{{ len . }}] Resolved</h2>\n"
     "{{ range . }}{{ template \"__email_alert\" . }}{{ end }}{{ end }}"
     "<p><a href=\"{{ .ExternalURL }}\">Sent by " PRODUCT "</a></p>\n</body></html>\n"},
}};

#undef SUBJECT
#undef PRODUCT
#undef LINK
#undef SUMMARY
#undef SECTIONS
#undef DENSE_SECTIONS

}  // namespace

TemplateSet alertmanager_templates(Escaping escaping) {
  TemplateSet set(kAlertmanagerFunctions, escaping);
  for (const Definition& definition : kDefinitions) {
    CHECK(set.parse(definition.name, definition.body));
  }
  return set;
}

}  // namespace promenade::templates
