package io.yunfu.kernel;

/// Makes row ids of one cell. Ids are unique in the whole installation, positive, and grow roughly
/// with time (each node draws from its own block, so two nodes interleave).
///
/// Layout of the 63 bits: 10 bits of cell, 53 bits of sequence.
@FunctionalInterface
public interface IdSource {
  int SEQUENCE_BITS = 53;

  long next();

  static long compose(CellId cell, long sequence) {
    Check.require(
        sequence > 0 && sequence < 1L << SEQUENCE_BITS, "sequence %d is out of range", sequence);
    return ((long) cell.value() << SEQUENCE_BITS) | sequence;
  }

  static CellId cellOf(long id) {
    return new CellId((int) (id >>> SEQUENCE_BITS));
  }

  static long sequenceOf(long id) {
    return id & ((1L << SEQUENCE_BITS) - 1);
  }
}
