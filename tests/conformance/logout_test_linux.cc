// SPDX-License-Identifier: Apache-2.0
// The report of doctor about a logout, for every way to configure logind.
#include <gtest/gtest.h>

#include <filesystem>

#include "platform/linux/logout_linux.h"
#include "support/scratch_folder.h"
#include "support/test_bytes.h"

namespace mapferry::testing {
namespace {

class Logout : public ::testing::Test {
  protected:
    Logout() { make("/run/systemd/seats/seat0"); }

    void make(const std::string& path, const std::string& text = {}) const {
        const std::filesystem::path whole = root_.path() + path;
        std::filesystem::create_directories(whole.parent_path());
        write_file(whole.string(), text);
    }
    [[nodiscard]] MachineFact fact(std::uint32_t user_id = 1000) const {
        auto found = platform::logout_fact(root_.path(), {.user_id = user_id, .name = "ann"});
        return found.value_or(MachineFact{"nothing is said", {}});
    }

    const ScratchFolder root_;
};

TEST_F(Logout, RemovesSectionsUnlessSomethingSaysOtherwise) {
    const MachineFact found = fact();
    EXPECT_EQ(found.severity, Severity::kWarning);
    EXPECT_TRUE(found.value.contains("RemoveIPC=yes")) << found.value;
    for (const char* way : {"enable-linger ann", "RemoveIPC=no"})
        EXPECT_TRUE(found.hint.contains(way)) << found.hint;
    EXPECT_EQ(found.remedy, Remedy::kUseBackingFile);
}

TEST_F(Logout, LeavesSystemUsersAlone) {
    EXPECT_EQ(fact(0).severity, Severity::kFine);
    EXPECT_EQ(fact(999).severity, Severity::kFine);
    EXPECT_EQ(fact(65534).severity, Severity::kFine);
    EXPECT_EQ(fact(60'000).severity, Severity::kWarning);
}

TEST_F(Logout, LeavesLingeringUsersAlone) {
    make("/var/lib/systemd/linger/bob");
    EXPECT_EQ(fact().severity, Severity::kWarning);
    make("/var/lib/systemd/linger/ann");
    EXPECT_EQ(fact().severity, Severity::kFine);
}

TEST_F(Logout, IsSetInLogindsSectionOnly) {
    make("/etc/systemd/logind.conf", "[Other]\nRemoveIPC=no\n[Login]\n#RemoveIPC=no\n");
    EXPECT_EQ(fact().severity, Severity::kWarning);
    make("/etc/systemd/logind.conf", "[Login]\n RemoveIPC = no \n");
    EXPECT_EQ(fact().severity, Severity::kFine);
    make("/etc/systemd/logind.conf", "[Login]\nRemoveIPC=no\nRemoveIPC=true\n");
    EXPECT_EQ(fact().severity, Severity::kWarning);
    make("/etc/systemd/logind.conf", "[Login]\nRemoveIPC=no\nRemoveIPC=perhaps\n");
    EXPECT_EQ(fact().severity, Severity::kFine);
}

TEST_F(Logout, DropInsCountInTheOrderOfTheirNames) {
    make("/etc/systemd/logind.conf", "[Login]\nRemoveIPC=yes\n");
    make("/usr/lib/systemd/logind.conf.d/50-vendor.conf", "[Login]\nRemoveIPC=no\n");
    EXPECT_EQ(fact().severity, Severity::kFine);
    make("/run/systemd/logind.conf.d/60-run.conf", "[Login]\nRemoveIPC=yes\n");
    EXPECT_EQ(fact().severity, Severity::kWarning);
    make("/etc/systemd/logind.conf.d/60-run.conf", "");  // hides the other file of this name
    EXPECT_EQ(fact().severity, Severity::kFine);
    make("/etc/systemd/logind.conf.d/70-note.txt", "[Login]\nRemoveIPC=yes\n");
    EXPECT_EQ(fact().severity, Severity::kFine);
}

TEST_F(Logout, IsNotSpokenOfWithoutLogind) {
    std::filesystem::remove_all(root_.path() + "/run");
    EXPECT_EQ(fact().name, "nothing is said");
}

}  // namespace
}  // namespace mapferry::testing
