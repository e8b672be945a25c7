package io.yunfu.server.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RedactionTest {
  private static final String SECRET = "Zm9vYmFyLWh1bnRlcjI";

  @Test
  void secrets_in_the_forms_that_the_wires_use_do_not_pass() {
    for (String text :
        List.of(
            "Authorization: TC3-HMAC-SHA256 Credential=AKID1/2026-01-01/billing/tc3_request,"
                + " SignedHeaders=content-type;host, Signature="
                + SECRET,
            "TC3-HMAC-SHA256 Credential=AKID1/2026-01-01/billing/tc3_request, Signature=" + SECRET,
            "authorization=Bearer " + SECRET,
            "Authorization: " + SECRET,
            "{\"Authorization\":\"Bearer " + SECRET + "\"}",
            "the header was bearer " + SECRET,
            "GET /?Action=PayDeals&Signature=" + SECRET + "&Nonce=1",
            "Signature = '" + SECRET + "'",
            "X-TC-Token: " + SECRET,
            "Token=" + SECRET,
            "{\"secretKey\": \"" + SECRET + "\"}",
            "SecretKey=" + SECRET,
            "secret_key: " + SECRET,
            "password=" + SECRET + ", user=x",
            "jdbc:postgresql://h/d?password=" + SECRET,
            "master-key = " + SECRET,
            "YUNFU_MASTER_KEY=" + SECRET,
            "Cookie: " + SECRET,
            "-----BEGIN PRIVATE KEY-----\n" + SECRET + "\n-----END PRIVATE KEY-----")) {
      assertThat(Redaction.clean(text)).as(text).doesNotContain(SECRET).contains("***");
    }
  }

  @Test
  void what_is_no_secret_stays() {
    for (String text :
        List.of(
            "",
            "plain",
            "SecretId=AKIDz8krbsJ5yKBZQpn74WFkmLPx3gnPhESA",
            "The signature does not match the request.",
            "Action=PayDeals&Nonce=1&Timestamp=1",
            "token expired",
            "java.lang.IllegalStateException: deal 20260101 is no longer UNPAID")) {
      assertThat(Redaction.clean(text)).isEqualTo(text);
    }
    assertThat(Redaction.clean("password=x, user=anna")).isEqualTo("password=***, user=anna");
    assertThat(Redaction.clean("TC3-HMAC-SHA256 Credential=AKID1/2026/x, Signature=ab"))
        .isEqualTo("TC3-HMAC-SHA256 Credential=AKID1 ***");
  }
}
