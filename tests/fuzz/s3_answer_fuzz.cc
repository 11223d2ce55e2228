// SPDX-License-Identifier: Apache-2.0
// What an S3 store answers, and files of keys: any bytes are understood or refused.
#include <string>
#include <string_view>

#include "bridge/s3/aws_profile.h"
#include "bridge/s3/s3_commit.h"
#include "bridge/s3/s3_failure.h"
#include "bridge/s3/s3_values.h"
#include "bridge/s3/s3_xml.h"
#include "fuzz/fuzz_input.h"

namespace mapferry::testing {
namespace {

void run_commit(std::string_view text) {
    const auto commit = cli::parse_commit(text);
    if (!commit) return;
    if (commit->link.empty()) {
        require(commit->part_bytes != 0, "parts have a size");
        require(cli::part_count(commit->record.payload_bytes, commit->part_bytes) ==
                    commit->part_xxh3.size(),
                "each part has a checksum");
    }
    const std::string written = cli::commit_text(*commit);
    const auto again = cli::parse_commit(written);
    require(again && cli::commit_text(*again) == written, "a commit is itself");
}

void run(FuzzInput input) {
    const std::string_view text = input.text();
    run_commit(text);
    for (const std::string_view part : cli::xml_elements(text, "Part")) {
        require(part.empty() || (part.data() >= text.data() &&
                                 part.data() + part.size() <= text.data() + text.size()),
                "an element lies within its text");
        require(cli::xml_text(part, "ETag").size() <= part.size(), "a text does not grow");
    }
    for (const cli::AwsFile file : {cli::AwsFile::kCredentials, cli::AwsFile::kConfig})
        if (const auto profile = cli::read_aws_profile(text, "default", file); profile.keys)
            require(!profile.keys->id.empty() && !profile.keys->secret.empty(), "keys are two");
    cli::S3Answer answer;
    answer.http = static_cast<long>(text.size());
    answer.body = text;
    answer.headers = {{"x-amz-checksum-xxhash128", std::string(text)},
                      {"x-amz-checksum-xxhash3", std::string(text)}};
    require(cli::s3_trouble_text(answer).size() <= 8 * text.size() + 64, "few words");
    require(!cli::store_checksums(answer).has_any() || text.size() == 12 || text.size() == 24,
            "a checksum has its length");
    require(cli::s3_list_time_ns(std::string(text)) == 0 || text.size() >= 19,
            "a time has its length");
}

}  // namespace
}  // namespace mapferry::testing

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    mapferry::testing::run({data, size});
    return 0;
}
