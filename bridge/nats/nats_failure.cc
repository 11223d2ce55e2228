// SPDX-License-Identifier: Apache-2.0
#include "bridge/nats/nats_failure.h"

#include <algorithm>
#include <array>

#include "cli/short_names.h"

namespace mapferry::cli {

namespace {

constexpr std::array kFullStream = {
    JSAccountResourcesExceededErr, JSInsufficientResourcesErr, JSMemoryResourcesExceededErr,
    JSStorageResourcesExceededErr, JSStreamStoreFailedErr,     JSStreamMaxStreamBytesExceededErr,
    JSMaximumStreamsLimitErr};
constexpr std::array kAbsent = {JSStreamNotFoundErr, JSNoMessageFoundErr, JSConsumerNotFoundErr,
                                JSSequenceNotFoundErr};
constexpr std::array kOther = {JSStreamWrongLastSequenceErr, JSStreamWrongLastMsgIDErr,
                               JSStreamNameExistErr, JSStreamSubjectOverlapErr};
// The server is there, but a part of it is not yet.
constexpr std::array kNotYet = {JSClusterNotAvailErr, JSClusterNotLeaderErr,
                                JSClusterNotAssignedErr, JSStreamOfflineErr, JSConsumerOfflineErr};

template <std::size_t kCount>
bool is_code_of(jsErrCode code, const std::array<jsErrCode, kCount>& list) {
    return std::ranges::find(list, code) != list.end();
}

Code cause_of(const NatsAnswer& answer) {
    if (is_full(answer)) return Code::kIo;
    if (is_code_of(answer.code, kAbsent)) return Code::kNotFound;
    if (is_code_of(answer.code, kOther)) return Code::kCannotCreate;
    if (is_refusal(answer.status)) return Code::kPermission;
    switch (answer.status) {
        case NATS_NOT_FOUND:
            return Code::kNotFound;
        case NATS_NO_MEMORY:
            return Code::kOutOfMemory;
        case NATS_MAX_PAYLOAD:
            return Code::kUsage;
        case NATS_SYS_ERROR:
            return Code::kSystem;
        default:
            return answer.code == 0 ? Code::kPeerGone : Code::kIo;
    }
}

}  // namespace

bool is_connection_trouble(const NatsAnswer& answer) {
    if (is_code_of(answer.code, kNotYet)) return true;
    switch (answer.status) {
        case NATS_IO_ERROR:
        case NATS_NOT_YET_CONNECTED:
        case NATS_CONNECTION_CLOSED:
        case NATS_CONNECTION_DISCONNECTED:
        case NATS_STALE_CONNECTION:
        case NATS_TIMEOUT:
        case NATS_NO_RESPONDERS:
        case NATS_NO_SERVER:
        case NATS_ADDRESS_MISSING:
        case NATS_MISMATCH:
        case NATS_INSUFFICIENT_BUFFER:  // of a connection that is away: we let it have no buffer
        case NATS_MISSED_HEARTBEAT:
            return answer.code == 0;
        default:
            return false;
    }
}

bool is_refusal(natsStatus status) {
    switch (status) {
        case NATS_CONNECTION_AUTH_FAILED:
        case NATS_NOT_PERMITTED:
        case NATS_SSL_ERROR:
        case NATS_SECURE_CONNECTION_REQUIRED:
        case NATS_SECURE_CONNECTION_WANTED:
            return true;
        default:
            return false;
    }
}

bool is_full(const NatsAnswer& answer) {
    return is_code_of(answer.code, kFullStream);
}

Status nats_failure(const NatsAnswer& answer, const std::string& what, const std::string& server) {
    std::string message = "cannot " + what + " at " + server;
    const char* const detail = nats_GetLastError(nullptr);
    if (detail != nullptr && *detail != '\0')
        message += ": " + std::string(detail);
    else
        message += ": " + std::string(natsStatus_GetText(answer.status));
    Status failure = {.code = cause_of(answer), .message = message};
    if (failure.code == Code::kPermission)
        failure.hint = "look at --creds, --login, --tls-ca, and the user's rights at the server";
    if (is_full(answer)) failure.hint = "the server has no room: remove objects, or give it more";
    return failure;
}

}  // namespace mapferry::cli
