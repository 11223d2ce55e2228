// SPDX-License-Identifier: Apache-2.0
// A JSON value that is built, printed and destroyed without a surprise when memory runs out: only
// std::bad_alloc is thrown, and nothing by its destruction. (nlohmann-json allocates where it
// destroys an object, which ends the process then.) It is written like a value of nlohmann-json:
//     Value object = {{"event", "section"}, {"slots", 4}};
//     object["name"] = name;
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace mapferry::json {

class Value {
  public:
    struct Member;

    /// An object without members.
    Value() = default;
    // NOLINTBEGIN(google-explicit-constructor): a member's value is a value.
    Value(std::string_view text);
    Value(const std::string& text) : Value(std::string_view(text)) {}
    Value(const char* text) : Value(std::string_view(text)) {}
    template <std::same_as<bool> Bool>
    Value(Bool truth) : kind_(Kind::kPlain), text_(truth ? "true" : "false") {}
    template <std::integral Number>
        requires(!std::same_as<Number, bool>)
    Value(Number number) : kind_(Kind::kPlain), text_(std::to_string(number)) {}
    Value(double number);
    Value(std::initializer_list<Member> members);
    // NOLINTEND(google-explicit-constructor)
    [[nodiscard]] static Value array();

    Value(const Value&);
    Value(Value&&) noexcept;
    Value& operator=(const Value&);
    Value& operator=(Value&&) noexcept;
    ~Value();

    /// REQUIRES: an object. Adds the member, if there is none of this name.
    Value& operator[](std::string_view name);
    /// REQUIRES: an array.
    void push_back(Value element);

    /// On one line, with the members in the order of their names. JSON is UTF-8. In a text that is
    /// not, U+FFFD replaces each invalid byte, and if the text is a member, a second member has all
    /// its bytes in Base64: "text_base64" for "text".
    [[nodiscard]] std::string dump() const;

  private:
    enum class Kind : std::uint8_t { kPlain, kText, kArray, kObject };
    void append_to(std::string& out) const;
    void append_members(std::string& out) const;

    Kind kind_ = Kind::kObject;
    std::string text_ = {};  // as it is printed (kPlain), or the bytes (kText)
    std::vector<Value> elements_ = {};
    std::vector<Member> members_;
};

struct Value::Member {
    std::string name;
    Value value;
};

// The value on a line of its own.
[[nodiscard]] std::string json_line(const Value& value);

// The Base64 of RFC 4648, 4.
[[nodiscard]] std::string base64(std::string_view bytes);

}  // namespace mapferry::json
