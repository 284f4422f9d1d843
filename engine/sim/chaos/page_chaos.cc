// engine/sim/chaos/page_chaos.cc
// Text in, text out: chaos happens to the page, not to what was measured.
#include "sim/chaos/page_chaos.h"

#include <algorithm>

#include "base/strings.h"

namespace promenade::sim {
namespace {

constexpr double kMegabytesMax = 8;
constexpr double kCardinalityMax = 50'000;

// Calls visit(line) for each line without its line feed; what it returns replaces the line.
template <typename Visit>
void edit_lines(std::string& body, Visit visit) {
  std::string out;
  out.reserve(body.size() * 2);
  for (const std::string_view line : split(body, '\n')) {
    if (line.empty()) continue;
    out += visit(line);
    out += '\n';
  }
  body = std::move(out);
}

bool is_sample(std::string_view line) {
  return !line.empty() && line[0] != '#';
}

void add_timestamps(std::string& body, Timestamp time) {
  edit_lines(body, [&](std::string_view line) {
    return is_sample(line) ? std::string(line) + " " + std::to_string(time.ms) : std::string(line);
  });
}

void rename_label(std::string& body, std::string_view from, std::string_view to) {
  edit_lines(body, [&](std::string_view line) {
    std::string edited(line);
    if (!is_sample(line)) return edited;
    for (const char before : {'{', ','}) {
      const std::string wanted = before + std::string(from) + "=\"";
      const size_t at = edited.find(wanted);
      if (at != std::string::npos) edited.replace(at + 1, from.size(), to);
    }
    return edited;
  });
}

void add_series(const Disturbance& disturbance, Timestamp now, std::string& body) {
  const double minutes = (now - disturbance.span.start).in_seconds() / 60;
  const double wanted = std::min(
      {minutes * disturbance.number("per_minute"), disturbance.number("max"), kCardinalityMax});
  const std::string name = "chaos_requests_total";
  const std::string label(disturbance.parameter("label"));
  body += "# HELP " + name + " Requests, by a label that should not be one.\n# TYPE " + name +
          " counter\n";
  for (uint64_t i = 1; i <= static_cast<uint64_t>(std::max(0.0, wanted)); ++i) {
    body += name + "{" + label + "=\"" + std::to_string(100'000 + i * 7919 % 900'000) + "\"} 1\n";
  }
}

std::string first_sample(const std::string& body) {
  for (const std::string_view line : split(body, '\n')) {
    if (is_sample(line)) return std::string(line);
  }
  return "up 1";
}

void spoil(std::string_view kind, HttpResponse& response) {
  std::string& body = response.body;
  if (kind == "html") {
    body = "<!DOCTYPE html>\n<html><body><h1>502 Bad Gateway</h1></body></html>\n";
    response.headers.set("Content-Type", "text/html");
  } else if (kind == "escape") {
    body += "chaos_value{path=\"C:\\temp\\q\"} 1\nchaos_value{path=\"unfinished\\} 1\n";
  } else if (kind == "cut") {
    // In the middle of a line, before its value: the connection broke.
    const std::string sample = first_sample(body);
    body.resize(body.rfind('\n', body.size() * 2 / 3) + 1);
    body += sample.substr(0, sample.rfind(' '));
  } else if (kind == "duplicate") {
    body += first_sample(body) + "\n";
  } else if (kind == "type") {
    body += "# TYPE chaos_value counter\nchaos_value 1\n# TYPE chaos_value gauge\nchaos_value 2\n";
  } else if (kind == "nan") {
    edit_lines(body, [](std::string_view line) {
      if (!is_sample(line)) return std::string(line);
      return std::string(line.substr(0, line.rfind(' '))) + " NaN";
    });
  } else {
    body += "this line is no sample\n";
  }
}

}  // namespace

void apply_page_chaos(const Disturbance& disturbance, Timestamp now, HttpResponse& response) {
  switch (disturbance.control) {
    case Control::HttpStatus:
      response.status = static_cast<int>(std::clamp(disturbance.number("status"), 100.0, 599.0));
      response.body = "chaos\n";
      break;
    case Control::ContentType:
      response.headers.set("Content-Type", std::string(disturbance.parameter("type")));
      break;
    case Control::BigBody: {
      const double megabytes = std::clamp(disturbance.number("megabytes"), 0.0, kMegabytesMax);
      const std::string line = "# " + std::string(997, '.') + "\n";
      for (double written = 0; written < megabytes * 1000; ++written) response.body += line;
      break;
    }
    case Control::DuplicateTimestamps:
      add_timestamps(response.body, disturbance.span.start);
      break;
    case Control::ClockSkew: {
      const double seconds = std::clamp(disturbance.number("seconds"), -1e7, 1e7);
      add_timestamps(response.body,
                     now + Duration::milliseconds(static_cast<int64_t>(seconds * 1000)));
      break;
    }
    case Control::Rubbish:
      spoil(disturbance.parameter("form"), response);
      break;
    case Control::Cardinality:
      add_series(disturbance, now, response.body);
      break;
    case Control::RenameLabel:
      rename_label(response.body, disturbance.parameter("from"), disturbance.parameter("to"));
      break;
    default:
      break;
  }
}

}  // namespace promenade::sim
