package io.yunfu.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunfu.server.config.ConfigurationInvalid;
import io.yunfu.server.http.TestCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChannelAuthoritiesTest {
  @TempDir private Path directory;

  @Test
  void those_of_the_file_are_believed_besides_those_of_the_java_machine() throws Exception {
    Path file = directory.resolve("authority.pem");
    TestCertificate.make(directory, "EC", "test").write(file, directory.resolve("key.pem"));
    KeyStore store = ChannelAuthorities.with(file);
    var names = Collections.list(store.aliases());
    assertThat(names).filteredOn(name -> name.startsWith("file-")).hasSize(1);
    assertThat(names).filteredOn(name -> name.startsWith("java-")).hasSizeGreaterThan(10);
  }

  @Test
  void a_file_that_is_none_is_a_mistake_of_the_configuration() throws Exception {
    Path text = Files.writeString(directory.resolve("text"), "no certificate");
    Path empty = Files.writeString(directory.resolve("empty"), "");
    assertThatThrownBy(() -> ChannelAuthorities.with(directory.resolve("absent")))
        .isInstanceOf(ConfigurationInvalid.class)
        .hasMessageContaining("gateway.root-certificates")
        .hasMessageContaining("is not there");
    assertThatThrownBy(() -> ChannelAuthorities.with(text))
        .isInstanceOf(ConfigurationInvalid.class);
    assertThatThrownBy(() -> ChannelAuthorities.with(empty))
        .isInstanceOf(ConfigurationInvalid.class)
        .hasMessageContaining("holds no certificate");
  }
}
