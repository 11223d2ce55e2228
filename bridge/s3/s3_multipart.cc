// SPDX-License-Identifier: Apache-2.0
#include "bridge/s3/s3_multipart.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "bridge/s3/s3_failure.h"
#include "bridge/s3/s3_values.h"
#include "bridge/s3/s3_xml.h"
#include "cli/short_names.h"
#include "mapferry/printable_text.h"

namespace mapferry::cli {

namespace {

std::uint64_t number_in_xml(std::string_view xml, std::string_view name) {
    const std::string digits = xml_text(xml, name);
    std::uint64_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

std::string without_quotes(std::string text) {
    std::erase(text, '"');
    return text;
}

std::string storing(const std::string& key) {
    return "store " + in_quotes(key);
}

}  // namespace

Status s3_exists(const std::string& key) {
    return Status{.code = Code::kCannotCreate,
                  .message = "there is an object " + in_quotes(key) + " already",
                  .hint = "choose another name, or replace it with --overwrite"};
}

Result<std::vector<std::string>> list_uploads(S3Client& client, const std::string& key) {
    std::vector<std::string> ids;
    std::string key_marker;
    std::string id_marker;
    while (true) {
        S3Request request = {.query = {{"prefix", key}, {"uploads", ""}}};
        if (!id_marker.empty())
            request.query = {{"key-marker", key_marker},
                             {"prefix", key},
                             {"upload-id-marker", id_marker},
                             {"uploads", ""}};
        const auto answer = client.ask(request);
        if (!answer) return std::unexpected(answer.error());
        if (!answer->is_ok())
            return std::unexpected(client.failure(*answer, "list unfinished uploads"));
        for (const std::string_view upload : xml_elements(answer->body, "Upload"))
            if (xml_text(upload, "Key") == key) ids.push_back(xml_text(upload, "UploadId"));
        key_marker = xml_text(answer->body, "NextKeyMarker");
        id_marker = xml_text(answer->body, "NextUploadIdMarker");
        if (xml_text(answer->body, "IsTruncated") != "true" || id_marker.empty()) return ids;
    }
}

Result<std::optional<S3Parts>> list_parts(S3Client& client, const std::string& key,
                                          const std::string& upload_id) {
    S3Parts parts;
    std::string marker;
    while (true) {
        S3Request request = {.key = key, .query = {{"uploadId", upload_id}}};
        if (!marker.empty())
            request.query.insert(request.query.begin(), {"part-number-marker", marker});
        const auto answer = client.ask(request);
        if (!answer) return std::unexpected(answer.error());
        if (answer->http == kHttpNotFound) return std::nullopt;
        if (!answer->is_ok())
            return std::unexpected(client.failure(*answer, "list the parts of " + in_quotes(key)));
        for (const std::string_view part : xml_elements(answer->body, "Part"))
            parts[number_in_xml(part, "PartNumber")] = {
                .etag = without_quotes(xml_text(part, "ETag")),
                .bytes = number_in_xml(part, "Size")};
        marker = xml_text(answer->body, "NextPartNumberMarker");
        if (xml_text(answer->body, "IsTruncated") != "true" || marker.empty()) return parts;
    }
}

Result<std::string> create_upload(S3Client& client, const S3Upload& job) {
    const auto answer = client.ask({.method = S3Method::kPost,
                                    .key = job.key,
                                    .query = {{"uploads", ""}},
                                    .headers = {{kS3DigestHeader, job.digest}}});
    if (!answer) return std::unexpected(answer.error());
    if (!answer->is_ok()) return std::unexpected(client.failure(*answer, storing(job.key)));
    std::string id = xml_text(answer->body, "UploadId");
    if (id.empty()) return fail(Code::kIo, "the store gave no name to an upload");
    return id;
}

Result<void> abort_upload(S3Client& client, const std::string& key, const std::string& upload_id) {
    const auto answer =
        client.ask({.method = S3Method::kDelete, .key = key, .query = {{"uploadId", upload_id}}});
    if (!answer) return std::unexpected(answer.error());
    if (answer->is_ok() || answer->http == kHttpNotFound) return {};
    return std::unexpected(client.failure(*answer, "abort an upload of " + in_quotes(key)));
}

Result<std::string> complete_upload(S3Client& client, const S3Upload& job,
                                    const std::string& upload_id,
                                    const std::vector<std::string>& etags) {
    std::string list = "<CompleteMultipartUpload>";
    for (std::size_t i = 0; i < etags.size(); ++i)
        list += fmt::format("<Part><PartNumber>{}</PartNumber><ETag>{}</ETag></Part>", i + 1,
                            s3_etag_text(etags[i]));
    list += "</CompleteMultipartUpload>";
    S3Request request = {.method = S3Method::kPost,
                         .key = job.key,
                         .query = {{"uploadId", upload_id}},
                         .body = std::as_bytes(std::span(list))};
    if (job.existing == Existing::kRefuse) request.headers = {{"if-none-match", "*"}};
    auto answer = client.ask(request);
    if (answer && answer->http == kHttpNotImplemented && !request.headers.empty()) {
        request.headers.clear();  // the store does not know it: what was looked up before counts
        answer = client.ask(request);
    }
    if (!answer) return std::unexpected(answer.error());
    if (answer->http == kHttpPreconditionFailed || answer->http == kHttpConflict)
        return std::unexpected(s3_exists(job.key));
    // A store may begin a good answer, and find a failure later.
    if (!answer->is_ok() || !s3_error_code(*answer).empty())
        return std::unexpected(client.failure(*answer, storing(job.key)));
    std::string etag = without_quotes(xml_text(answer->body, "ETag"));
    if (!etag.empty()) return etag;
    const auto head = client.ask({.method = S3Method::kHead, .key = job.key});
    if (!head) return std::unexpected(head.error());
    if (!head->is_ok()) return std::unexpected(client.failure(*head, storing(job.key)));
    return head->etag();
}

}  // namespace mapferry::cli
