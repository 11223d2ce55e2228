// SPDX-License-Identifier: Apache-2.0
#include "bridge/nats_identities.h"

#include <gtest/gtest.h>

#include <array>
#include <ctime>
#include <span>

#include "bridge/nats/object_metadata.h"

namespace mapferry::testing {

namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::uint8_t kSeedPrefix = 18 << 3;

std::string base32(const std::string& bytes) {
    static constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string text;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : bytes) {
        bits = bits << 8 | static_cast<std::uint8_t>(c);
        for (count += 8; count >= 5; count -= 5)
            text += kDigits[bits >> (count - 5) & 31];
    }
    if (count > 0) text += kDigits[bits << (5 - count) & 31];
    return text;
}

// CRC-16 of XMODEM, which ends a key.
std::string with_checksum(std::string bytes) {
    std::uint16_t crc = 0;
    for (const char c : bytes) {
        crc = static_cast<std::uint16_t>(crc ^ static_cast<std::uint8_t>(c) << 8);
        for (int bit = 0; bit < 8; ++bit)
            crc = static_cast<std::uint16_t>(crc << 1 ^ ((crc & 0x8000) != 0 ? 0x1021 : 0));
    }
    bytes += static_cast<char>(crc & 255);
    bytes += static_cast<char>(crc >> 8);
    return bytes;
}

// Without the padding that the bridge's own names have.
std::string base64_text(std::string_view bytes) {
    std::string text = cli::base64_url(bytes);
    text.erase(text.find_last_not_of('=') + 1);
    return text;
}

nlohmann::json account_facts() {
    nlohmann::json limits;
    for (const char* name :
         {"subs", "data", "payload", "imports", "exports", "conn", "leaf", "mem_storage",
          "disk_storage", "streams", "consumer", "max_ack_pending"})
        limits[name] = -1;
    limits["wildcards"] = true;
    return {{"type", "account"}, {"limits", limits}};
}

}  // namespace

NatsKey::NatsKey(NatsRole role)
    : role_(role), key_(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")) {
    EXPECT_TRUE(key_);
}

std::string NatsKey::public_text() const {
    std::array<unsigned char, kKeyBytes> raw = {};
    std::size_t size = raw.size();
    EXPECT_EQ(EVP_PKEY_get_raw_public_key(key_.get(), raw.data(), &size), 1);
    return base32(with_checksum(static_cast<char>(role_) + std::string(raw.begin(), raw.end())));
}

std::string NatsKey::seed_text() const {
    std::array<unsigned char, kKeyBytes> raw = {};
    std::size_t size = raw.size();
    EXPECT_EQ(EVP_PKEY_get_raw_private_key(key_.get(), raw.data(), &size), 1);
    const auto role = static_cast<std::uint8_t>(role_);
    std::string bytes = {static_cast<char>(kSeedPrefix | role >> 5),
                         static_cast<char>((role & 31) << 3)};
    bytes.append(raw.begin(), raw.end());
    return base32(with_checksum(bytes));
}

std::string NatsKey::signed_identity(const std::string& subject, nlohmann::json facts) const {
    facts["version"] = 2;
    nlohmann::json claims = {{"jti", "test"},
                             {"iat", std::time(nullptr)},
                             {"iss", public_text()},
                             {"name", "test"},
                             {"sub", subject}};
    if (facts.contains("exp")) {
        claims["exp"] = facts["exp"];
        facts.erase("exp");
    }
    claims["nats"] = std::move(facts);
    const std::string text =
        base64_text(R"({"typ":"JWT","alg":"ed25519-nkey"})") + "." + base64_text(claims.dump());
    std::array<unsigned char, 64> signature = {};
    std::size_t size = signature.size();
    EVP_MD_CTX* const context = EVP_MD_CTX_new();
    EXPECT_EQ(EVP_DigestSignInit(context, nullptr, nullptr, nullptr, key_.get()), 1);
    EXPECT_EQ(EVP_DigestSign(context, signature.data(), &size,
                             reinterpret_cast<const unsigned char*>(text.data()), text.size()),
              1);
    EVP_MD_CTX_free(context);
    return text + "." + base64_text(std::string(signature.begin(), signature.end()));
}

std::string NatsOperator::settings() const {
    const std::string account = account_.public_text();
    const std::string system = system_.public_text();
    return "operator: " +
           operator_.signed_identity(operator_.public_text(),
                                     {{"type", "operator"}, {"system_account", system}}) +
           "\nsystem_account: " + system + "\nresolver: MEMORY\nresolver_preload: {\n  " + account +
           ": " + operator_.signed_identity(account, account_facts()) + "\n  " + system + ": " +
           operator_.signed_identity(system, {{"type", "account"}, {"limits", {{"conn", -1}}}}) +
           "\n}\n";
}

std::string NatsOperator::new_user(const nlohmann::json& rights, std::int64_t seconds) const {
    const NatsKey user(NatsRole::kUser);
    nlohmann::json facts = {{"type", "user"}, {"pub", rights}, {"sub", nlohmann::json::object()},
                            {"subs", -1},     {"data", -1},    {"payload", -1}};
    if (seconds != 0) facts["exp"] = std::time(nullptr) + seconds;
    return "-----BEGIN NATS USER JWT-----\n" +
           account_.signed_identity(user.public_text(), std::move(facts)) +
           "\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n" +
           user.seed_text() + "\n------END USER NKEY SEED------\n";
}

}  // namespace mapferry::testing
