package io.yunfu.server.api.billing;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RequestIdsTest {
  private final RequestIds ids = RequestIds.seededBy(new SecureRandom());

  @Test
  void an_id_is_a_lower_case_uuid_of_version_4() {
    for (int i = 0; i < 1000; i++) {
      String id = ids.get();
      assertThat(id).matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
      assertThat(UUID.fromString(id).version()).isEqualTo(4);
      assertThat(UUID.fromString(id).variant()).isEqualTo(2);
    }
  }

  @Test
  void no_two_ids_are_alike_not_even_those_of_two_nodes() {
    var others = RequestIds.seededBy(new SecureRandom());
    var seen = new HashSet<String>();
    for (int i = 0; i < 50_000; i++) {
      assertThat(seen.add(ids.get())).isTrue();
      assertThat(seen.add(others.get())).isTrue();
    }
  }
}
