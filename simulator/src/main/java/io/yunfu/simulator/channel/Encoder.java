package io.yunfu.simulator.channel;

/// An answer that is decided but not yet written and signed.
@FunctionalInterface
public interface Encoder {
  Answer encode(Twists twists);
}
