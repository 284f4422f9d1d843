// An e-mail with a plain and an HTML version of the same text, as RFC 2046's multipart/alternative.
// Bodies are quoted-printable (RFC 2045), header texts Q-encoded where they are not ASCII (RFC
// 2047).
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "alertmanager/receivers/integration.h"
#include "base/strings.h"
#include "model/civil_date.h"

namespace promenade::alertmanager {
namespace {

constexpr std::string_view kHexDigits = "0123456789ABCDEF";
constexpr size_t kBodyLineMax = 76;     // RFC 2045, with the soft line break.
constexpr size_t kEncodedWordMax = 75;  // RFC 2047.
constexpr std::string_view kImplicitTlsPort = "465";

void append_hex(std::string& out, char byte) {
  out += '=';
  out += kHexDigits[static_cast<uint8_t>(byte) >> 4];
  out += kHexDigits[static_cast<uint8_t>(byte) & 15];
}

bool is_printable_ascii(char c) {
  return c >= ' ' && c <= '~';
}

std::string quoted_printable(std::string_view text) {
  std::string out;
  size_t line_start = 0;
  const auto make_room = [&](size_t size) {
    if (out.size() - line_start + size < kBodyLineMax) return;
    out += "=\r\n";
    line_start = out.size();
  };
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') {
      out += "\r\n";
      line_start = out.size();
      continue;
    }
    if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    const bool is_before_break = i + 1 == text.size() || text[i + 1] == '\n' || text[i + 1] == '\r';
    const bool is_blank = c == ' ' || c == '\t';
    const bool is_literal =
        (is_printable_ascii(c) && c != '=' && c != ' ') || (is_blank && !is_before_break);
    make_room(is_literal ? 1 : 3);
    if (is_literal) {
      out += c;
    } else {
      append_hex(out, c);
    }
  }
  return out;
}

// =?utf-8?q?...?= in words of limited length, or the text when it is plain ASCII.
std::string encode_header(std::string_view text) {
  if (std::all_of(text.begin(), text.end(),
                  [](char c) { return is_printable_ascii(c) || c == '\t'; })) {
    return std::string(text);
  }
  std::string out = "=?utf-8?q?";
  size_t word_start = 0;
  for (size_t i = 0; i < text.size();) {
    const auto point = decode_utf8(text, i);
    const size_t size = point ? point->size : 1;
    std::string encoded;
    for (const char c : text.substr(i, size)) {
      if (c == ' ') {
        encoded += '_';
      } else if (is_printable_ascii(c) && c != '=' && c != '?' && c != '_') {
        encoded += c;
      } else {
        append_hex(encoded, c);
      }
    }
    if (out.size() - word_start + encoded.size() + 2 > kEncodedWordMax) {
      out += "?=\r\n ";
      word_start = out.size();
      out += "=?utf-8?q?";
    }
    out += encoded;
    i += size;
  }
  return out + "?=";
}

// "Sat, 21 Nov 2026 17:13:25 +0000"
std::string date_header(Timestamp time) {
  constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const int64_t seconds = floor_divide(time.ms, 1000);
  const int64_t days = floor_divide(seconds, 86'400);
  const int64_t second = seconds - days * 86'400;
  const CivilDate date = civil_date(days);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000",
                     kDays[static_cast<size_t>(day_of_week(days))], date.day,
                     kMonths[static_cast<size_t>(date.month - 1)], date.year, second / 3600,
                     second / 60 % 60, second % 60);
}

// The addresses of `Name <a@b>, "X, Y" <c@d>, e@f`.
Result<std::vector<std::string>> addresses(std::string_view list, std::string_view what) {
  std::vector<std::string> found;
  bool is_quoted = false;
  size_t begin = 0;
  for (size_t i = 0; i <= list.size(); ++i) {
    if (i < list.size() && list[i] == '"') is_quoted = !is_quoted;
    if (i < list.size() && (is_quoted || list[i] != ',')) continue;
    std::string_view one = trim(list.substr(begin, i - begin));
    begin = i + 1;
    if (const size_t open = one.rfind('<'); open != one.npos && one.ends_with('>')) {
      one = one.substr(open + 1, one.size() - open - 2);
    }
    const bool is_address = one.find('@') != one.npos && one.find_first_of(" <>\r\n") == one.npos;
    if (!is_address) {
      return bad_data(
          fmt::format("parse '{}' addresses: found {}, expected name@host", what, quote(one)));
    }
    found.emplace_back(one);
  }
  return found;
}

struct Part {
  std::string_view type;
  std::string text;
};

class MessageWriter {
 public:
  explicit MessageWriter(std::string boundary) : boundary_(std::move(boundary)) {}

  void header(std::string_view name, std::string_view value) {
    // A line end would start a header of the alert's own making.
    std::string one_line(value);
    std::replace_if(
        one_line.begin(), one_line.end(), [](char c) { return c == '\r' || c == '\n'; }, ' ');
    text_ += fmt::format("{}: {}\r\n", name, encode_header(one_line));
  }
  void body(const std::vector<Part>& parts) {
    text_ += fmt::format("Content-Type: multipart/alternative;  boundary={}\r\n", boundary_);
    text_ += "MIME-Version: 1.0\r\n\r\n";
    for (const Part& part : parts) {
      text_ += fmt::format(
          "--{}\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Type: {}; "
          "charset=UTF-8\r\n\r\n{}\r\n",
          boundary_, part.type, quoted_printable(part.text));
    }
    text_ += fmt::format("--{}--\r\n", boundary_);
  }
  std::string take() && { return std::move(text_); }

 private:
  std::string boundary_;
  std::string text_;
};

MailTls read_tls(const config::Fields& fields) {
  const config::YamlNode& config = fields.value("tls_config");
  const auto text = [&](std::string_view key) { return config::item_text(config, key); };
  MailTls tls;
  tls.is_required = fields.flag("require_tls");
  tls.is_from_start = fields.flag("force_implicit_tls") ||
                      fields.text("smarthost").ends_with(fmt::format(":{}", kImplicitTlsPort));
  tls.skips_verification = text("insecure_skip_verify") == "true";
  tls.server_name = text("server_name");
  tls.ca = text("ca");
  tls.ca_file = text("ca_file");
  tls.certificate = text("cert");
  tls.certificate_file = text("cert_file");
  tls.key = text("key");
  tls.key_file = text("key_file");
  tls.min_version = text("min_version");
  tls.max_version = text("max_version");
  return tls;
}

Result<std::string> message(const Drafting& drafting, std::string_view sender, uint64_t unique) {
  const config::Fields& fields = drafting.config.fields;
  const Notification& notification = drafting.notification;
  MessageWriter writer(fmt::format("{:016x}{:016x}", unique, notification.now.ms));
  bool has_id = false;
  for (const config::YamlEntry& entry : fields.value("headers").entries) {
    writer.header(entry.key.text, TRY(drafting.texts.text(entry.value.text)));
    has_id = has_id || entry.key.text == "Message-Id";
  }
  if (!has_id) {
    const std::string_view host = sender.substr(sender.rfind('@') + 1);
    writer.header("Message-Id",
                  fmt::format("<{}.{}@{}>", notification.now.ms * 1'000'000, unique, host));
  }
  writer.header("Date", date_header(notification.now));
  std::vector<Part> parts;
  if (fields.is_set("text")) {
    parts.push_back({"text/plain", TRY(drafting.texts.text(fields.text("text")))});
  }
  if (fields.is_set("html")) {
    parts.push_back({"text/html", TRY(drafting.texts.html(fields.text("html")))});
  }
  writer.body(parts);
  return std::move(writer).take();
}

}  // namespace

Result<Mail> draft_mail(const Drafting& drafting, uint64_t unique) {
  const config::Fields& fields = drafting.config.fields;
  const auto expand = [&](std::string_view text) { return drafting.texts.text(text); };
  Mail mail;
  mail.smarthost = fields.text("smarthost");
  mail.hello = fields.text("hello");
  mail.username = fields.text("auth_username");
  mail.password = TRY(text_or_file(drafting, "auth_password"));
  mail.secret = TRY(text_or_file(drafting, "auth_secret"));
  mail.identity = fields.text("auth_identity");
  mail.tls = read_tls(fields);
  const auto senders = TRY(addresses(TRY(expand(fields.text("from"))), "from"));
  if (senders.size() != 1) {
    return bad_data(fmt::format("must be exactly one 'from' address (got: {})", senders.size()));
  }
  mail.from = senders.front();
  mail.recipients = TRY(addresses(TRY(expand(fields.text("to"))), "to"));
  mail.message = TRY(message(drafting, mail.from, unique));
  return mail;
}

}  // namespace promenade::alertmanager
