package io.yunfu.wire.tc3;

import java.io.ByteArrayOutputStream;

/// Collects a response up to a cap; past it, the work on it ends.
final class BoundedBytes extends ByteArrayOutputStream {
  /// Unit: bytes. Holds the answer to a payment without growing.
  private static final int INITIAL = 512;

  private final int max;

  BoundedBytes(int max) {
    super(Math.min(INITIAL, max));
    this.max = max;
  }

  @Override
  public synchronized void write(int b) {
    require(1);
    super.write(b);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) {
    require(length);
    super.write(bytes, offset, length);
  }

  private void require(int more) {
    if (more > max - count) {
      throw CommonErrors.RESPONSE_SIZE_LIMIT_EXCEEDED.refused();
    }
  }
}
