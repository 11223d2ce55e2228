// SPDX-License-Identifier: Apache-2.0
// Keys and signed identities as the tool nsc makes them, for servers that trust an operator.
#pragma once

#include <openssl/evp.h>

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

namespace mapferry::testing {

// The first byte of a key as text, which makes its first letter.
enum class NatsRole : std::uint8_t { kAccount = 0, kOperator = 14 << 3, kUser = 20 << 3 };

// An Ed25519 key in the form of NATS: Base32 of a prefix, the key and a checksum.
class NatsKey {
  public:
    explicit NatsKey(NatsRole role);

    [[nodiscard]] std::string public_text() const;
    [[nodiscard]] std::string seed_text() const;
    // An identity of `subject` (a public key), signed by this key. `facts`: what it says.
    [[nodiscard]] std::string signed_identity(const std::string& subject,
                                              nlohmann::json facts) const;

  private:
    struct Free {
        void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    };

    NatsRole role_;
    std::unique_ptr<EVP_PKEY, Free> key_;
};

// An operator with one account.
class NatsOperator {
  public:
    NatsOperator() = default;

    // Lines of a server's configuration that make it trust this operator.
    [[nodiscard]] std::string settings() const;
    // What a credentials file of a user has. `rights`: of publishing, as the identity says them.
    // `seconds`: that it is good for, from now; 0: for ever.
    [[nodiscard]] std::string new_user(const nlohmann::json& rights = nlohmann::json::object(),
                                       std::int64_t seconds = 0) const;

  private:
    NatsKey operator_{NatsRole::kOperator};
    NatsKey system_{NatsRole::kAccount};
    NatsKey account_{NatsRole::kAccount};
};

}  // namespace mapferry::testing
