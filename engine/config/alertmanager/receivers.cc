// Receivers by their tables, and the few checks that no table can hold.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/strings.h"
#include "config/alertmanager/alertmanager_sections.h"
#include "config/yaml_writer.h"

namespace promenade::config {
namespace {

constexpr std::array<std::string_view, 4> kTelegramParseModes = {"", "HTML", "Markdown",
                                                                 "MarkdownV2"};

struct DefaultEntry {
  std::string_view name;
  std::string_view text;
};
constexpr std::array kPagerDutyDetails = {
    DefaultEntry{"firing", "{{ template \"pagerduty.default.instances\" .Alerts.Firing }}"},
    DefaultEntry{"num_firing", "{{ .Alerts.Firing | len }}"},
    DefaultEntry{"num_resolved", "{{ .Alerts.Resolved | len }}"},
    DefaultEntry{"resolved", "{{ template \"pagerduty.default.instances\" .Alerts.Resolved }}"},
};

// Sorted by name, with the defaults that the file does not replace.
template <typename Defaults>
void add_defaults(Fields& fields, std::string_view key, const Defaults& defaults) {
  YamlNode map = fields.value(key);
  map.kind = YamlNode::Kind::Mapping;
  for (const auto& [name, text] : defaults) {
    const auto is_there = [&, wanted = std::string_view(name)](const YamlEntry& entry) {
      return entry.key.text == wanted;
    };
    if (std::any_of(map.entries.begin(), map.entries.end(), is_there)) continue;
    map.entries.push_back({yaml_text(std::string(name)), yaml_text(std::string(text))});
  }
  std::sort(map.entries.begin(), map.entries.end(),
            [](const YamlEntry& a, const YamlEntry& b) { return a.key.text < b.key.text; });
  fields.set(key, std::move(map));
}

// "x-my-header" as "X-My-Header", the way the message will have it.
std::string canonical_header(std::string_view name) {
  std::string out = to_lower(name);
  bool starts_word = true;
  for (char& c : out) {
    if (starts_word && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    starts_word = c == '-';
  }
  return out;
}

Result<void> complete_email(const YamlFile& file, Fields& fields) {
  YamlNode headers = fields.value("headers");
  std::vector<std::string> seen;
  for (YamlEntry& entry : headers.entries) {
    std::string name = canonical_header(entry.key.text);
    if (std::find(seen.begin(), seen.end(), name) != seen.end()) {
      return file.error_at(
          entry.key, fmt::format("duplicate header {} in email config; keep one", quote(name)));
    }
    seen.push_back(name);
    entry.key.text = std::move(name);
  }
  fields.set("headers", std::move(headers));
  const std::array defaults = {
      DefaultEntry{"Subject", "{{ template \"email.default.subject\" . }}"},
      DefaultEntry{"To", fields.text("to")},
      DefaultEntry{"From", fields.text("from")},
  };
  add_defaults(fields, "headers", defaults);
  return {};
}

Result<void> complete_telegram(const YamlFile& file, Fields& fields) {
  const YamlNode& mode = fields.value("parse_mode");
  const bool is_known = std::find(kTelegramParseModes.begin(), kTelegramParseModes.end(),
                                  mode.text) != kTelegramParseModes.end();
  if (is_known) return {};
  return file.error_at(mode,
                       "unknown parse_mode on telegram_config, must be Markdown, MarkdownV2, HTML "
                       "or empty string");
}

Result<void> check_urls(const YamlFile& file, const Fields& fields) {
  for (const FieldSpec& spec : fields.specs()) {
    const bool is_url = spec.name == "url" || spec.name.ends_with("_url");
    const YamlNode& node = fields.value(spec.name);
    // "<secret>" is what a dump says instead.
    const bool is_plain =
        node.text.find("{{") == std::string::npos && !node.text.empty() && node.text != "<secret>";
    const bool has_slot = spec.name == "api_url" || spec.name == "webhook_url" ||
                          spec.name == "app_url" || (spec.name == "url" && spec.fallback.empty());
    if (!is_url || !is_plain || !has_slot) continue;
    const UrlParts parts = split_url(node.text);
    if (parts.scheme != "http" && parts.scheme != "https") {
      return file.error_at(node, fmt::format("unsupported scheme {} for URL; expected http:// or "
                                             "https://",
                                             quote(parts.scheme)));
    }
    if (parts.authority.empty()) return file.error_at(node, "missing host for URL");
  }
  return {};
}

// What is particular to a kind; only pushover's url is not one that we call.
Result<void> complete(const YamlFile& file, std::string_view kind, Fields& fields) {
  if (kind == "email") return complete_email(file, fields);
  if (kind == "telegram") TRY(complete_telegram(file, fields));
  if (kind == "pagerduty") {
    add_defaults(fields, "details", kPagerDutyDetails);
    if (!fields.is_set("source")) fields.set("source", fields.value("client"));
  }
  return kind == "pushover" ? Result<void>() : check_urls(file, fields);
}

// Settings that are read and checked, and not obeyed yet.
struct InertField {
  std::string_view kind;
  std::string_view field;
  std::string_view part;  // Of the field, whose being true is what has no effect; "" for the field.
};
constexpr std::array kInertFields = {
    InertField{"slack", "update_message", ""},
    InertField{"email", "threading", "enabled"},
};

void notice_inert_fields(const ReadContext& context, const IntegrationSpec& spec,
                         const Fields& fields) {
  for (const auto& [kind, field, part] : kInertFields) {
    if (spec.kind != kind || !fields.is_set(field)) continue;
    const YamlNode& node = fields.value(field);
    const std::string& text = part.empty() ? node.text : item_text(node, part);
    if (text != "true") continue;
    context.notice(node, fmt::format("{}.{} is accepted and has no effect yet", spec.key, field));
  }
}

void check_requirements(YamlMapping& mapping, const YamlFile& file, const YamlNode& node,
                        const IntegrationSpec& spec, const Fields& fields) {
  for (const Requirement& requirement : spec.requirements) {
    const auto names = split(requirement.alternatives, ' ');
    const bool is_met = std::any_of(names.begin(), names.end(),
                                    [&](std::string_view name) { return fields.is_set(name); });
    if (!is_met) mapping.require(file.error_at(node, requirement.message));
  }
}

Result<IntegrationConfig> read_integration(ReadContext& context, const YamlNode& node,
                                           const IntegrationSpec& spec,
                                           const AlertmanagerConfig& config) {
  IntegrationConfig integration;
  integration.spec = &spec;
  integration.sends_resolved = spec.sends_resolved;
  integration.http = config.global_http;
  const std::string what = fmt::format("an item of {}", spec.key);
  YamlMapping mapping(context.file, node, what);
  mapping.boolean("send_resolved", integration.sends_resolved);
  if (spec.has_http_config) {
    mapping.value("http_config", [&](const YamlNode& http) -> Result<void> {
      integration.http = HttpClientConfig{};
      YamlMapping inner(context.file, http, "http_config");
      std::vector<YamlEntry> inert;
      read_http_client(context, inner, fmt::format("{}.http_config.", spec.key), integration.http,
                       inert);
      return inner.finish();
    });
  }
  integration.fields = read_fields(context, mapping, spec.fields, &config.global);
  check_requirements(mapping, context.file, node, spec, integration.fields);
  mapping.require(complete(context.file, spec.kind, integration.fields));
  TRY(mapping.finish());
  notice_inert_fields(context, spec, integration.fields);
  return integration;
}

}  // namespace

Result<ReceiverConfig> read_receiver(ReadContext& context, const YamlNode& node,
                                     const AlertmanagerConfig& config) {
  ReceiverConfig receiver;
  YamlMapping mapping(context.file, node, "a receiver");
  mapping.text("name", receiver.name);
  if (receiver.name.empty()) mapping.require(mapping.error_at("name", "missing name in receiver"));
  mapping.text_map("labels", receiver.labels);
  for (const IntegrationSpec& spec : integration_specs()) {
    size_t index = 0;
    mapping.list(spec.key, [&](const YamlNode& item) -> Result<void> {
      IntegrationConfig integration = TRY(read_integration(context, item, spec, config));
      integration.index = index++;
      receiver.integrations.push_back(std::move(integration));
      return {};
    });
  }
  for (const std::string_view key : inert_integration_keys()) {
    read_inert(context, mapping, fmt::format("receivers[{}].", receiver.name), {key},
               receiver.inert_settings);
  }
  TRY(mapping.finish());
  return receiver;
}

}  // namespace promenade::config
