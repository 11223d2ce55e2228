// SPDX-License-Identifier: Apache-2.0
// The format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html. The header is
// the text of a Python dictionary.
#include "mapferry/npy.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/exception_boundary.h"
#include "base/fail.h"
#include "base/try.h"
#include "mapferry/detail/number_text.h"
#include "mapferry/printable_text.h"

namespace mapferry::inline v1 {

namespace {

using Bytes = std::span<const std::byte>;

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kVersionAt = 6;
constexpr std::size_t kTextAt = 10;       // version 1: behind a length of two bytes
constexpr std::size_t kLaterTextAt = 12;  // versions 2 and 3: of four
constexpr std::size_t kTextBytesMax = 0xFFFF;
constexpr std::size_t kAlignment = 64;  // of the elements in the file

struct ElementType {
    std::string_view descr;  // without its byte order
    TensorType type;
    std::uint8_t bits;
};
constexpr std::array kElementTypes = {
    ElementType{"b1", TensorType::kBool, 8},     ElementType{"i1", TensorType::kInt, 8},
    ElementType{"i2", TensorType::kInt, 16},     ElementType{"i4", TensorType::kInt, 32},
    ElementType{"i8", TensorType::kInt, 64},     ElementType{"u1", TensorType::kUint, 8},
    ElementType{"u2", TensorType::kUint, 16},    ElementType{"u4", TensorType::kUint, 32},
    ElementType{"u8", TensorType::kUint, 64},    ElementType{"f2", TensorType::kFloat, 16},
    ElementType{"f4", TensorType::kFloat, 32},   ElementType{"f8", TensorType::kFloat, 64},
    ElementType{"c8", TensorType::kComplex, 64}, ElementType{"c16", TensorType::kComplex, 128},
};

std::unexpected<Status> damaged_npy(const char* how) {
    return fail(Code::kCorrupt, std::string("the .npy header is damaged: ") + how);
}

std::size_t number_at(Bytes bytes, std::size_t position, std::size_t count) {
    std::size_t number = 0;
    for (std::size_t i = count; i > 0; --i)
        number = number << 8 | std::to_integer<std::size_t>(bytes[position + i - 1]);
    return number;
}

// ---- the dictionary ----------------------------------------------------------------------------

// The part of Python's syntax that the header needs.
class DictionaryText {
  public:
    explicit DictionaryText(std::string_view text) : text_(text) {}

    // Skips white space, then takes `word` if it is there.
    bool take(std::string_view word) {
        text_.remove_prefix(std::min(text_.find_first_not_of(" \t\r\n"), text_.size()));
        if (!text_.starts_with(word)) return false;
        text_.remove_prefix(word.size());
        return true;
    }

    std::optional<std::string_view> take_string() {
        const char quote = take("'") ? '\'' : '"';
        if (quote == '"' && !take(R"(")")) return std::nullopt;
        const std::size_t end = text_.find(quote);
        if (end == std::string_view::npos) return std::nullopt;
        const std::string_view inside = text_.substr(0, end);
        text_.remove_prefix(end + 1);
        return inside;
    }

    std::optional<std::uint64_t> take_number() {
        take("");
        std::uint64_t number = 0;
        if (!mapferry::take_number(text_, number)) return std::nullopt;
        take("L");  // of Python 2
        return number;
    }

    [[nodiscard]] bool is_at_end() {
        take("");
        return text_.empty();
    }

  private:
    std::string_view text_;
};

struct Dictionary {
    std::optional<std::string_view> descr;
    std::optional<bool> is_fortran_order;
    bool has_shape = false;
    TensorDescription tensor;
};

// "(1, 3, 224, 224)", "(5,)", "()"
Result<void> read_shape(DictionaryText& text, TensorDescription& tensor) {
    if (!text.take("(")) return damaged_npy("its shape is no tuple");
    while (!text.take(")")) {
        const auto side = text.take_number();
        if (!side) return damaged_npy("a dimension is no number");
        if (tensor.dimensions == kTensorDimensionsMax)
            return fail(Code::kUsage, "the array has more than 8 dimensions",
                        "join some of them: a.reshape(...)");
        tensor.shape[tensor.dimensions++] = *side;
        if (text.take(",")) continue;
        if (!text.take(")")) return damaged_npy("its shape does not end");
        break;
    }
    return {};
}

Result<void> read_value(DictionaryText& text, std::string_view key, Dictionary& dictionary) {
    if (key == "descr" && !dictionary.descr) {
        if (text.take("["))
            return fail(Code::kUsage, "the elements of the array are records",
                        "store one field of them: a['field']");
        dictionary.descr = text.take_string();
        return dictionary.descr ? Result<void>() : damaged_npy("its type is no text");
    }
    if (key == "fortran_order" && !dictionary.is_fortran_order) {
        if (text.take("False")) dictionary.is_fortran_order = false;
        if (!dictionary.is_fortran_order && text.take("True")) dictionary.is_fortran_order = true;
        return dictionary.is_fortran_order ? Result<void>()
                                           : damaged_npy("its order is no boolean");
    }
    if (key != "shape" || dictionary.has_shape)
        return damaged_npy("it has an unknown or double key");
    dictionary.has_shape = true;
    return read_shape(text, dictionary.tensor);
}

Result<Dictionary> read_dictionary(std::string_view header) {
    DictionaryText text(header);
    Dictionary dictionary;
    if (!text.take("{")) return damaged_npy("it is no dictionary");
    while (!text.take("}")) {
        const auto key = text.take_string();
        if (!key || !text.take(":")) return damaged_npy("it is no dictionary");
        TRY(read_value(text, *key, dictionary));
        if (text.take(",")) continue;
        if (!text.take("}")) return damaged_npy("it does not end");
        break;
    }
    if (!text.is_at_end()) return damaged_npy("something follows the dictionary");
    if (!dictionary.descr || !dictionary.is_fortran_order || !dictionary.has_shape)
        return damaged_npy("a key is missing");
    return dictionary;
}

// "<f4": the byte order, then the type.
Result<void> read_type(std::string_view descr, TensorDescription& tensor) {
    const char order = descr.empty() ? ' ' : descr.front();
    const auto type =
        std::ranges::find(kElementTypes, descr.substr(descr.empty() ? 0 : 1), &ElementType::descr);
    const bool has_order = type != kElementTypes.end() && type->bits > 8;
    if (has_order && order == '>')
        return fail(Code::kUsage,
                    "the elements of the array are big-endian (" + in_quotes(descr) + ")",
                    "store them as little-endian: a.astype(a.dtype.newbyteorder('<'))");
    if (type == kElementTypes.end() || (order != '<' && (has_order || order != '|')))
        return fail(Code::kUsage, "no tensor has elements of the type " + in_quotes(descr),
                    "store numbers of a common size: a.astype('<f4')");
    tensor.type = type->type;
    tensor.bits = type->bits;
    return {};
}

std::string shape_text(const TensorDescription& tensor) {
    std::string text = "(";
    for (std::uint32_t i = 0; i < tensor.dimensions; ++i)
        text += (i == 0 ? "" : ", ") + std::to_string(tensor.shape[i]);
    return text + (tensor.dimensions == 1 ? ",)" : ")");
}

}  // namespace

bool is_npy(Bytes beginning) {
    const auto same = [](std::byte a, char b) { return a == static_cast<std::byte>(b); };
    return beginning.size() >= kMagic.size() &&
           std::ranges::equal(beginning.first(kMagic.size()), kMagic, same);
}

Result<std::size_t> npy_header_bytes(Bytes beginning) {
    return guarded([&]() -> Result<std::size_t> {
        if (!is_npy(beginning) || beginning.size() < kNpyBeginningBytes)
            return fail(Code::kCorrupt, "it is no .npy file");
        const auto version = std::to_integer<unsigned>(beginning[kVersionAt]);
        const auto minor = std::to_integer<unsigned>(beginning[kVersionAt + 1]);
        if (version < 1 || version > 3 || minor != 0)
            return fail(Code::kUsage, "version " + std::to_string(version) + "." +
                                          std::to_string(minor) +
                                          " of the .npy format is not known");
        const std::size_t text_at = version == 1 ? kTextAt : kLaterTextAt;
        const std::size_t text_bytes =
            number_at(beginning, kVersionAt + 2, text_at - kVersionAt - 2);
        if (text_bytes > kTextBytesMax) return damaged_npy("it is too long");
        return text_at + text_bytes;
    });
}

Result<NpyHeader> read_npy_header(Bytes beginning) {
    return guarded([&]() -> Result<NpyHeader> {
        TRY_ASSIGN(const std::size_t header_bytes, npy_header_bytes(beginning));
        if (header_bytes > beginning.size()) return damaged_npy("it is cut");
        const bool is_first_version = beginning[kVersionAt] == std::byte{1};
        const std::size_t text_at = is_first_version ? kTextAt : kLaterTextAt;
        const Bytes text = beginning.first(header_bytes).subspan(text_at);
        TRY_ASSIGN(auto dictionary,
                   read_dictionary({reinterpret_cast<const char*>(text.data()), text.size()}));
        TensorDescription& tensor = dictionary.tensor;
        TRY(read_type(*dictionary.descr, tensor));
        // With one dimension the orders are the same.
        if (*dictionary.is_fortran_order && tensor.dimensions > 1)
            return fail(Code::kUsage, "the array is stored by columns (Fortran order)",
                        "store it by rows: np.ascontiguousarray(a)");
        if (auto bytes = tensor_bytes(tensor); !bytes) return blame(Code::kCorrupt, bytes.error());
        return NpyHeader{.tensor = tensor, .header_bytes = header_bytes};
    });
}

Result<std::vector<std::byte>> make_npy_header(const TensorDescription& tensor) {
    return guarded([&]() -> Result<std::vector<std::byte>> {
        TRY(tensor_bytes(tensor));
        const auto type = std::ranges::find_if(kElementTypes, [&](const ElementType& known) {
            return known.type == tensor.type && known.bits == tensor.bits && tensor.lanes == 1;
        });
        if (type == kElementTypes.end())
            return fail(Code::kUsage, "NumPy has no type for " + tensor_type_name(tensor));
        std::string text = std::string("{'descr': '") + (type->bits > 8 ? '<' : '|');
        text += type->descr;
        text += "', 'fortran_order': False, 'shape': " + shape_text(tensor) + ", }";
        const std::size_t used = kTextAt + text.size() + 1;
        text.append((kAlignment - used % kAlignment) % kAlignment, ' ');
        text += '\n';
        std::string header(kMagic);
        header += {'\x01', '\x00', static_cast<char>(text.size() & 0xFF),
                   static_cast<char>(text.size() >> 8)};
        header += text;
        const auto bytes = std::as_bytes(std::span(header));
        return std::vector<std::byte>(bytes.begin(), bytes.end());
    });
}

std::optional<TensorDescription> probe_npy(Bytes beginning, std::uint64_t file_bytes) {
    const auto header = read_npy_header(beginning);
    if (!header || header->header_bytes > file_bytes) return std::nullopt;
    const auto bytes = tensor_bytes(header->tensor);
    if (!bytes || *bytes > file_bytes - header->header_bytes) return std::nullopt;
    return header->tensor;
}

Result<std::optional<TensorDescription>> probe_npy(Source& source) {
    return guarded([&]() -> Result<std::optional<TensorDescription>> {
        if (source.may_block() || !source.info().payload_bytes) return std::nullopt;
        std::vector<std::byte> beginning(kNpyBeginningBytes);
        TRY_ASSIGN(auto count, source.peek(beginning));
        if (count < beginning.size()) return std::nullopt;
        const auto header_bytes = npy_header_bytes(beginning);
        if (!header_bytes) return std::nullopt;
        beginning.resize(*header_bytes);
        TRY_ASSIGN(count, source.peek(beginning));
        return probe_npy(std::span(beginning).first(count), *source.info().payload_bytes);
    });
}

}  // namespace mapferry::inline v1
