package io.yunfu.server.api.billing;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.server.http.RateLimiter;
import io.yunfu.server.observe.Answered;
import io.yunfu.testkit.Golden;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/// Every exchange under `fixtures/billing`, against the whole API on a real database: the answer is
/// byte for byte the recorded one, and a refusal changes nothing in any table.
///
/// `given.sql` runs after `base.sql`, in one transaction with it. `settings.properties` holds keys
/// of the configuration, and `earlier-calls` says how often the same request has come in this
/// second.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BillingGoldenIT {
  private static final Path FOLDER = Golden.fixtures("billing");

  private final ApiWorld world = new ApiWorld();
  private final String base = Golden.read(FOLDER.resolve("base.sql"));

  @AfterAll
  void close() {
    world.close();
  }

  @TestFactory
  Stream<DynamicTest> the_answer_is_the_recorded_one() {
    return Golden.cases(FOLDER, "request.http").stream()
        .map(folder ->
            DynamicTest.dynamicTest(FOLDER.relativize(folder).toString(), () -> run(folder)));
  }

  private void run(Path folder) {
    Path given = folder.resolve("given.sql");
    world.tables.reset(base + (Files.exists(given) ? Golden.read(given) : ""));
    world.nanos.addAndGet(RateLimiter.WINDOW);
    world.with(settings(folder.resolve("settings.properties")));
    var request = request(folder.resolve("request.http"));
    Path earlier = folder.resolve("earlier-calls");
    if (Files.exists(earlier)) {
      int calls = Integer.parseInt(Golden.read(earlier).strip());
      for (int call = 0; call < calls; call++) {
        world.handle(request.request());
        assertThat(world.code()).isEqualTo(Answered.OK);
      }
    }
    var before = world.tables.fingerprint();

    String answer = world.answer(request.request());

    Path recorded = folder.resolve("response.json");
    if (Golden.isUpdating()) {
      Golden.write(recorded, Golden.indented(answer));
    }
    assertThat(answer).isEqualTo(Golden.compact(Golden.read(recorded)));
    assertThat(world.log.getLast().fault()).isNull();
    boolean mayChange =
        world.log.getLast().action().equals("PayDeals")
            && (world.code().equals(Answered.OK)
                || world.code().equals("FailedOperation.PaySuccDeliverFailed"));
    if (!mayChange) {
      assertThat(world.tables.fingerprint()).isEqualTo(before);
    } else {
      assertThat(world.tables.fingerprint()).isNotEqualTo(before);
    }
    assertThat(Golden.read(folder.resolve("source.md"))).isNotBlank();
  }

  private static Map<String, String> settings(Path file) {
    if (!Files.exists(file)) {
      return Map.of();
    }
    return Golden.read(file)
        .lines()
        .map(line -> line.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0].strip(), pair -> pair[1].strip()));
  }

  private static RecordedRequest request(Path file) {
    var request = RecordedRequest.parse(Golden.read(file));
    if (Golden.isUpdating() && request.isToSign()) {
      request = request.signed();
      Golden.write(file, request.text());
    }
    assertThat(request.isToSign()).as("%s is not recorded yet", file).isFalse();
    return request;
  }
}
