package io.yunfu.server.api.billing;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.server.http.RateLimiter;
import io.yunfu.testkit.Golden;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/// Bad requests, one by one, against the whole API: each gets its documented code, none is a fault
/// of ours, and none changes a row of any table.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadRequestIT {
  private static final String GIVEN =
      """
      insert into account (uin, currency) values (300000000001, 'CNY');
      insert into owner (uin, edition, certification, created_at)
        values (300000000001, 'china', 'complete', '2025-12-01 00:00:00+00');
      insert into big_deal values
        ('20260101000000000000001', 100000000001, 100000000001, null, '2026-01-01 11:00:00+00'),
        ('20260101000000000000020', 300000000001, 300000000001, null, '2026-01-01 11:00:00+00');
      insert into deal select (jsonb_populate_record(d,
        '{"deal_id": "20260101000000000000011", "big_deal_id": "20260101000000000000001"}')).* from plain_deal d;
      insert into deal select (jsonb_populate_record(d,
        '{"deal_id": "20260101000000000000021", "big_deal_id": "20260101000000000000020",
          "owner_uin": 300000000001, "creator_uin": 300000000001}')).* from plain_deal d;
      insert into voucher select (jsonb_populate_record(v,
        '{"voucher_id": "v-foreign", "owner_uin": 300000000001}')).* from plain_voucher v;
      """;

  private final ApiWorld world = new ApiWorld();
  private Map<String, String> before;

  @BeforeAll
  void given() {
    world.tables.reset(Golden.read(Golden.fixtures("billing").resolve("base.sql")) + GIVEN);
    before = world.tables.fingerprint();
  }

  @AfterAll
  void close() {
    world.close();
  }

  @TestFactory
  Stream<DynamicTest> a_bad_request_gets_its_code_and_changes_nothing() {
    return BadRequests.all().stream()
        .map(bad -> DynamicTest.dynamicTest(bad.name(), () -> run(bad)));
  }

  private void run(BadRequests.Bad bad) {
    world.nanos.addAndGet(RateLimiter.WINDOW);
    String answer = world.answer(bad.request());
    var line = world.log.getLast();
    assertThat(line.fault()).isNull();
    assertThat(line.code()).as(answer).isEqualTo(bad.code());
    assertThat(answer)
        .startsWith("{\"Response\":{\"Error\":{\"Code\":\"" + bad.code() + "\",\"Message\":\"")
        .endsWith("\"},\"RequestId\":\"" + ApiWorld.REQUEST_ID + "\"}}")
        .hasSizeLessThan(6000)
        .doesNotContain(SignedCall.SECRET_KEY);
    assertThat(world.tables.fingerprint()).isEqualTo(before);
  }

  @Test
  void there_are_enough_of_them_and_each_has_a_name_of_its_own() {
    assertThat(BadRequests.all()).hasSizeGreaterThan(400);
    assertThat(BadRequests.all().stream().map(BadRequests.Bad::name)).doesNotHaveDuplicates();
  }
}
