package io.yunfu.simulator.http;

import java.time.Duration;

/// An answer and its way back.
///
/// @param delay in real time, before anything is sent
public record Transmission(Reply reply, Manner manner, Duration delay) {
  public static Transmission of(Reply reply) {
    return new Transmission(reply, Manner.WELL, Duration.ZERO);
  }
}
