// SPDX-License-Identifier: Apache-2.0
// Passing on an error in one line. Both take an expression whose value is a Result.
//
//     TRY(check_name(name));                     // on an error, returns it
//     TRY_ASSIGN(auto file, open_file(name));    // the same, or declares `file` with the value
//
// As Abseil's RETURN_IF_ERROR and ASSIGN_OR_RETURN. TRY_ASSIGN is more than one statement, so it
// stands in a block of its own below an `if`.
#pragma once

#include <utility>

#include "mapferry/status.h"

#define TRY(...)                                                                                  \
    do {                                                                                          \
        if (auto tried = (__VA_ARGS__); !tried) return std::unexpected(std::move(tried).error()); \
    } while (false)

#define TRY_ASSIGN(declaration, ...) \
    MAPFERRY_TRY_ASSIGN(MAPFERRY_TRY_NAME(tried_, __LINE__), declaration, __VA_ARGS__)
#define MAPFERRY_TRY_ASSIGN(tried, declaration, ...)              \
    auto tried = (__VA_ARGS__);                                   \
    if (!tried) return std::unexpected(std::move(tried).error()); \
    declaration = *std::move(tried)
#define MAPFERRY_TRY_NAME(a, b) MAPFERRY_TRY_NAME2(a, b)
#define MAPFERRY_TRY_NAME2(a, b) a##b
