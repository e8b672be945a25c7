package io.yunfu.simulator.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ManualTest {
  @Test
  void the_manual_lists_every_kind_of_fault_and_each_of_their_choices() throws IOException {
    String manual = Files.readString(Path.of("..", "docs", "operating", "simulator.md"));
    String table =
        manual.substring(manual.indexOf("| `kind` |"), manual.indexOf("## The configuration file"));
    assertThat(Effects.KINDS).allSatisfy(kind -> assertThat(table).contains("`" + kind + "`"));
    assertThat(
            Stream.of(
                    Effect.SignFault.values(),
                    Effect.GarbageKind.values(),
                    Effect.ReorderKind.values(),
                    Effect.NotifySignFault.values(),
                    Effect.BillFault.values())
                .flatMap(Stream::of)
                .map(each -> each.name().toLowerCase(Locale.ROOT)))
        .allSatisfy(choice -> assertThat(table).contains("`" + choice + "`"));
  }
}
