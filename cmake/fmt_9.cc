// SPDX-License-Identifier: Apache-2.0
// The part of fmt 9 that its headers leave to a compiled library: its ordinary functions, and the
// templates that fmt/format.h and fmt/chrono.h take as instantiated elsewhere.
#include <fmt/format-inl.h>

FMT_BEGIN_NAMESPACE
namespace detail {

template auto locale_ref::get<std::locale>() const -> std::locale;
template auto thousands_sep_impl<char>(locale_ref) -> thousands_sep_result<char>;
template auto decimal_point_impl<char>(locale_ref) -> char;

}  // namespace detail
FMT_END_NAMESPACE
