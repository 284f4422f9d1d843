// Which functions of a WebAssembly module take or return floating point numbers
// (https://webassembly.github.io/spec/core/binary/modules.html).

const sections = { type: 1, function: 3 };
const f32 = 0x7d;
const f64 = 0x7c;

/** Indices of those functions among the ones that the module defines, imports not counted. */
export function floatFunctions(bytes) {
  let at = 8; // Behind the magic number and the version.
  const unsigned = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  const list = (element) => Array.from({ length: unsigned() }, element);
  const valueType = () => bytes[at++];
  const isFloatType = () => {
    ++at; // 0x60: a function's type.
    return [...list(valueType), ...list(valueType)].some((type) => type === f32 || type === f64);
  };

  let isFloat = [];
  while (at < bytes.length) {
    const section = bytes[at++];
    const size = unsigned();
    const end = at + size;
    if (section === sections.type) isFloat = list(isFloatType);
    if (section === sections.function) {
      return list(unsigned).flatMap((type, index) => (isFloat[type] ? [index] : []));
    }
    at = end;
  }
  return [];
}
