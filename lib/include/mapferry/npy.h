// SPDX-License-Identifier: Apache-2.0
/// \file
/// The header of an .npy file, in which NumPy stores an array: reads and makes it. The elements
/// follow the header as they are in memory.
///
///     mapferry::Result<std::uint64_t> publish_array(mapferry::FrameWriter& writer,
///                                                   std::span<const std::byte> file) {
///         auto npy = mapferry::read_npy_header(file);
///         if (!npy) return std::unexpected(npy.error());
///         return writer.publish_copy(file.subspan(npy->header_bytes), {.tensor = npy->tensor},
///                                    std::chrono::seconds(1));
///     }
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "mapferry/source.h"
#include "mapferry/status.h"
#include "mapferry/tensor.h"

namespace mapferry::inline v1 {

/// This many bytes of a file's beginning are enough for npy_header_bytes().
inline constexpr std::size_t kNpyBeginningBytes = 12;

/// What the header of an .npy file says.
struct NpyHeader {
    TensorDescription tensor;
    std::size_t header_bytes = 0;  ///< the elements begin behind them: tensor_bytes() of them
};

/// Whether an .npy file begins so, by its first six bytes.
[[nodiscard]] bool is_npy(std::span<const std::byte> beginning);

/// The size of the whole header, by the file's first kNpyBeginningBytes bytes. kCorrupt: it is no
/// .npy file, or the header has more than 64 KiB, as that of no array of numbers has; kUsage: the
/// file has a version of the format other than 1.0, 2.0 and 3.0.
[[nodiscard]] Result<std::size_t> npy_header_bytes(std::span<const std::byte> beginning);

/// Reads the header of a file, of which `beginning` has at least all of the header. kCorrupt: it is
/// damaged or cut; kUsage: a tensor can't describe the array, and the hint says how to store it
/// so that it can: big-endian elements, columns first (Fortran order), records, texts or objects,
/// more than eight dimensions.
[[nodiscard]] Result<NpyHeader> read_npy_header(std::span<const std::byte> beginning);

/// Returns the header of a file with this array, in version 1.0 of the format. kUsage: NumPy has no
/// such type (bfloat16, several lanes), or the description contradicts itself.
[[nodiscard]] Result<std::vector<std::byte>> make_npy_header(const TensorDescription& tensor);

/// Describes the array of an .npy file. Empty: it is none, or one that read_npy_header() refuses or
/// that is cut, because a wrong description is worse than none. `file_bytes`: the size of the file.
[[nodiscard]] std::optional<TensorDescription> probe_npy(std::span<const std::byte> beginning,
                                                         std::uint64_t file_bytes);

/// The same for a source, before its first read(). It only peeks, so that read() still returns all
/// bytes. Pass the result to Source::set_tensor(). Empty also for a pipe. kIo.
[[nodiscard]] Result<std::optional<TensorDescription>> probe_npy(Source& source);

}  // namespace mapferry::inline v1
