// SPDX-License-Identifier: Apache-2.0
// One exporter at a time for each place of frames: it says once a second that it is there, and one
// that comes listens before it begins.
#pragma once

#include <chrono>
#include <string>

#include "bridge/nats/nats_connection.h"

namespace mapferry::cli {

class ExporterPlace {
  public:
    // `connection` must outlive it. `run` is a name that no other exporter has.
    ExporterPlace(NatsConnection& connection, std::string place, std::string run);

    // Listens for as long as another exporter could be silent, if one has been here. kCannotCreate:
    // there is one.
    [[nodiscard]] Result<void> take();
    // Says that this exporter is there, at most once a second.
    void announce();
    // Says that it has gone.
    void leave();

  private:
    NatsConnection* connection_;
    std::string subject_;
    std::string stream_;
    std::string run_;
    std::chrono::steady_clock::time_point next_ = {};
};

// A name that no other run of this program has: 16 hexadecimal digits.
[[nodiscard]] std::string new_run_name();

}  // namespace mapferry::cli
