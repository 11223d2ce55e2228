// SPDX-License-Identifier: Apache-2.0
#include "platform/win32/wide_win32.h"

#include <windows.h>

#include <algorithm>

namespace mapferry::inline v1::platform {

namespace {

// Leaves room for a temporary name behind a folder, below MAX_PATH.
constexpr std::size_t kShortPathMax = 200;
constexpr std::wstring_view kVerbatim = L"\\\\?\\";

}  // namespace

std::wstring to_wide(std::string_view text) {
    const int bytes = static_cast<int>(text.size());
    const int units = ::MultiByteToWideChar(CP_UTF8, 0, text.data(), bytes, nullptr, 0);
    std::wstring wide(static_cast<std::size_t>(std::max(units, 0)), L'\0');
    ::MultiByteToWideChar(CP_UTF8, 0, text.data(), bytes, wide.data(), units);
    return wide;
}

std::string to_utf8(std::wstring_view text) {
    const int units = static_cast<int>(text.size());
    const int bytes =
        ::WideCharToMultiByte(CP_UTF8, 0, text.data(), units, nullptr, 0, nullptr, nullptr);
    std::string utf8(static_cast<std::size_t>(std::max(bytes, 0)), '\0');
    ::WideCharToMultiByte(CP_UTF8, 0, text.data(), units, utf8.data(), bytes, nullptr, nullptr);
    return utf8;
}

std::wstring wide_path(const std::string& path) {
    std::wstring wide = to_wide(path);
    if (wide.size() <= kShortPathMax || wide.starts_with(kVerbatim)) return wide;
    std::wstring full(32'768, L'\0');
    const DWORD units =
        ::GetFullPathNameW(wide.c_str(), static_cast<DWORD>(full.size()), full.data(), nullptr);
    if (units == 0 || units >= full.size()) return wide;
    full.resize(units);
    if (full.starts_with(L"\\\\")) return std::wstring(L"\\\\?\\UNC") + full.substr(1);
    return std::wstring(kVerbatim) + full;
}

}  // namespace mapferry::inline v1::platform
