package io.yunfu.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseSettingsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://db:5432/yunfu",
        "postgres://db:5432/yunfu",
        "jdbc:postgresql://db:5432/yunfu"
      })
  void a_url_may_be_spelt_in_the_usual_ways(String url) {
    assertThat(DatabaseSettings.of(url, "u", "p").url())
        .isEqualTo("jdbc:postgresql://db:5432/yunfu");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://me:geheim@db/yunfu",
        "postgresql://db/yunfu?password=geheim",
        "postgresql://db/yunfu?ssl=true&Password=geheim",
        "mysql://me:geheim@db/yunfu"
      })
  void a_url_with_a_password_or_of_another_database_is_refused_and_not_repeated(String url) {
    assertThatThrownBy(() -> DatabaseSettings.of(url, "u", "p"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("geheim");
  }

  @Test
  void nothing_secret_is_printed() {
    DatabaseSettings settings =
        DatabaseSettings.of("postgresql://db/yunfu?sslmode=require", "me", "geheim")
            .withTls(new Tls(Tls.Mode.REQUIRE, null, null, null, "geheim"));
    assertThat(settings.toString() + settings.tls() + settings.address())
        .doesNotContain("geheim")
        .contains("postgresql://db/yunfu", "me", "require");
  }
}
