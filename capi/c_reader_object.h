// SPDX-License-Identifier: Apache-2.0
// What a mapferry_reader is, for its calls in two files.
#pragma once

#include <optional>
#include <string>

#include "capi/c_objects.h"
#include "mapferry/reader.h"

struct mapferry_reader {
    mapferry::capi::StopFlag stop;
    mapferry::Reader reader;
    // The payload of the last mapferry_reader_next(), and names made when they are asked for.
    std::optional<mapferry::PayloadInfo> payload = {};
    mutable std::string format = {};
    mutable std::string tensor_type = {};
    mutable std::string digest = {};
    // What read_piece() returned and the caller has not taken yet.
    mapferry::Piece rest = {};
};
