// The resolver of the C library, with a state of its own for each question, so that any thread may
// ask.
#include "native/name_service.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <fmt/format.h>
#include <netdb.h>
#include <resolv.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "base/strings.h"

namespace promenade::native {
namespace {

struct RecordType {
  std::string_view name;
  ns_type type;
};
constexpr std::array kTypes = {RecordType{"A", ns_t_a}, RecordType{"AAAA", ns_t_aaaa},
                               RecordType{"MX", ns_t_mx}, RecordType{"NS", ns_t_ns},
                               RecordType{"SRV", ns_t_srv}};

struct CloseState {
  void operator()(struct __res_state* state) const {
    res_nclose(state);
    delete state;
  }
};

std::string name_at(const ns_msg& message, const uint8_t* at) {
  std::array<char, NS_MAXDNAME> name{};
  const int size =
      ns_name_uncompress(ns_msg_base(message), ns_msg_end(message), at, name.data(), name.size());
  if (size < 0) return "";
  std::string text = name.data();
  if (text.empty() || text.back() != '.') text += '.';
  return text;
}

// The record's data as in a zone file; "" when it is cut short.
std::string data_text(const ns_msg& message, const ns_rr& record) {
  const uint8_t* data = ns_rr_rdata(record);
  const size_t size = ns_rr_rdlen(record);
  std::array<char, INET6_ADDRSTRLEN> address{};
  switch (ns_rr_type(record)) {
    case ns_t_a:
      return size == 4 ? inet_ntop(AF_INET, data, address.data(), address.size()) : "";
    case ns_t_aaaa:
      return size == 16 ? inet_ntop(AF_INET6, data, address.data(), address.size()) : "";
    case ns_t_ns:
      return name_at(message, data);
    case ns_t_mx:
      return size > 2 ? fmt::format("{} {}", ns_get16(data), name_at(message, data + 2)) : "";
    case ns_t_srv:
      return size > 6 ? fmt::format("{} {} {} {}", ns_get16(data), ns_get16(data + 2),
                                    ns_get16(data + 4), name_at(message, data + 6))
                      : "";
    default:
      return "";
  }
}

tl::unexpected<Error> no_answer(const std::string& name, std::string_view reason) {
  return fail(ErrorCode::Unavailable, fmt::format("could not resolve {}: {}", quote(name), reason));
}

}  // namespace

Result<HttpResponse> look_up(std::string_view url) {
  const UrlParts parts = split_url(url);
  const std::string name =
      url_decode(parts.path.substr(parts.path.find(':') + 1), /*plus_is_space=*/false);
  ns_type type = ns_t_a;
  for (const RecordType& known : kTypes) {
    if (parts.query == fmt::format("type={}", known.name)) type = known.type;
  }

  const std::unique_ptr<struct __res_state, CloseState> state(new struct __res_state());
  if (res_ninit(state.get()) != 0) return no_answer(name, "no resolver");
  std::vector<uint8_t> answer(65536);
  const int size = res_nsearch(state.get(), name.c_str(), ns_c_in, type, answer.data(),
                               static_cast<int>(answer.size()));
  HttpResponse response;
  if (size < 0) {
    const int reason = state->res_h_errno;
    if (reason == HOST_NOT_FOUND || reason == NO_DATA) return response;
    return no_answer(name, hstrerror(reason));
  }
  ns_msg message;
  if (ns_initparse(answer.data(), size, &message) != 0) return no_answer(name, "malformed answer");
  for (int i = 0; i < ns_msg_count(message, ns_s_an); ++i) {
    ns_rr record;
    if (ns_parserr(&message, ns_s_an, i, &record) != 0) {
      return no_answer(name, "malformed answer");
    }
    if (ns_rr_type(record) != type) continue;  // An alias on the way.
    const std::string text = data_text(message, record);
    if (!text.empty()) response.body += text + "\n";
  }
  return response;
}

}  // namespace promenade::native
