#pragma once  // engine/remote/wire_field.h
// What the readers of remote write's messages share. Internal to engine/remote.
#include <initializer_list>
#include <protozero/exception.hpp>
#include <protozero/pbf_reader.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

namespace promenade::remote {

// A field that a message may have, with the type that its value has on the wire.
struct WireField {
  uint32_t number;
  protozero::pbf_wire_type type;
  bool may_be_packed = false;  // A repeated number: many values may stand in one field.
};
constexpr WireField varint_field(uint32_t number) {
  return {number, protozero::pbf_wire_type::varint};
}
constexpr WireField double_field(uint32_t number) {
  return {number, protozero::pbf_wire_type::fixed64};
}
constexpr WireField length_field(uint32_t number) {
  return {number, protozero::pbf_wire_type::length_delimited};
}
constexpr WireField repeated(WireField field) {
  return {field.number, field.type, true};
}

// protozero leaves this check to the caller.
struct WrongWireType : protozero::exception {
  const char* what() const noexcept override { return "a field has another type than it should"; }
};

// The number of the field at hand. Throws WrongWireType when it is one of `known` in another form.
inline uint32_t check_field(const protozero::pbf_reader& message,
                            std::initializer_list<WireField> known) {
  for (const WireField& field : known) {
    if (field.number != message.tag() || field.type == message.wire_type()) continue;
    const bool is_packed = message.wire_type() == protozero::pbf_wire_type::length_delimited;
    if (!field.may_be_packed || !is_packed) throw WrongWireType();
  }
  return message.tag();
}

inline std::string_view read_view(protozero::pbf_reader& message) {
  const protozero::data_view view = message.get_view();
  return {view.data(), view.size()};
}

inline tl::unexpected<Error> malformed_message(const protozero::exception& error) {
  return bad_data(std::string("the body is not a protobuf of prometheus.WriteRequest: ") +
                  error.what());
}

}  // namespace promenade::remote
