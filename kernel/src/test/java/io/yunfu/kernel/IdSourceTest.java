package io.yunfu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.testkit.Property;
import org.junit.jupiter.api.Test;

class IdSourceTest {
  record Part(int cell, long sequence) {}

  @Test
  void an_id_gives_its_cell_and_sequence_back_and_is_positive() {
    Property.forAll(
        random ->
            new Part(
                random.nextInt(CellId.MAX + 1), random.nextLong(1, 1L << IdSource.SEQUENCE_BITS)),
        part -> {
          long id = IdSource.compose(new CellId(part.cell), part.sequence);
          assertThat(id).isPositive();
          assertThat(IdSource.cellOf(id)).isEqualTo(new CellId(part.cell));
          assertThat(IdSource.sequenceOf(id)).isEqualTo(part.sequence);
        });
  }
}
