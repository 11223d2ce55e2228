// SPDX-License-Identifier: Apache-2.0
// Blurs every frame of one section into a slot of another section. Nothing else copies the frames.
//
//     terminal 1: mapferry-example-camera 9000
//     terminal 2: mapferry-example-blur example-camera blurred
//     terminal 3: mapferry view blurred --follow
#include <chrono>
#include <cstdio>
#include <opencv2/imgproc.hpp>

#include "mapferry/frame_reader.h"
#include "mapferry/frame_writer.h"
#include "mapferry/opencv.h"

namespace {

int complain(const mapferry::Status& status) {
    std::fprintf(stderr, "%s\n", describe(status).c_str());
    return 1;
}

// Publishes the next frame of `reader`, blurred, with `writer`. False: there are no more frames.
mapferry::Result<bool> blur_one(mapferry::FrameReader& reader, mapferry::FrameWriter& writer) {
    auto frame = reader.next(std::chrono::seconds(30));
    if (!frame) return std::unexpected(frame.error());
    if (!*frame) return false;
    auto from = mapferry::to_mat(std::move(**frame));  // read-only, holds the lease
    if (!from) return std::unexpected(from.error());
    auto image = mapferry::describe_mat(*from);
    if (!image) return std::unexpected(image.error());
    auto loan = writer.loan(*image, std::chrono::seconds(30));  // a slot of the other section
    if (!loan) return std::unexpected(loan.error());
    auto to = mapferry::mat_over(loan->bytes(), *image);
    if (!to) return std::unexpected(to.error());
    cv::blur(*from, *to, cv::Size(9, 9));
    auto published = writer.publish(std::move(*loan));
    if (!published) return std::unexpected(published.error());
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return std::fputs("usage: mapferry-example-blur FROM TO\n", stderr), 64;
    auto reader = mapferry::FrameReader::open({.address = {.name = argv[1]}});
    if (!reader) return complain(reader.error());
    auto writer = mapferry::FrameWriter::create(
        {.address = {.name = argv[2]}, .delivery = mapferry::FrameDelivery::kEach});
    if (!writer) return complain(writer.error());
    if (auto came = writer->wait_for_readers(1, std::chrono::seconds(30)); !came)
        return complain(came.error());
    while (true) {
        auto more = blur_one(*reader, *writer);
        if (!more) return complain(more.error());
        if (*more) continue;
        auto ended = writer->close();
        return ended ? 0 : complain(ended.error());
    }
}
