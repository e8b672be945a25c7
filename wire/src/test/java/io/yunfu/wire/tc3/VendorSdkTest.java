package io.yunfu.wire.tc3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.tencentcloudapi.billing.v20180709.BillingClient;
import com.tencentcloudapi.billing.v20180709.models.PayDealsRequest;
import com.tencentcloudapi.billing.v20180709.models.PayDealsResponse;
import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;
import com.tencentcloudapi.common.profile.Language;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The vendor's Java SDK, unmodified, against the codec: its bytes must verify, decode and be
/// answered in a way that it understands. The HTTP server around the codec is the JDK's.
class VendorSdkTest {
  private static final String ID = "eac6b301-a322-493a-8e36-83b295459397";

  private HttpServer server;
  private volatile ApiCall received;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @ParameterizedTest
  @CsvSource({
    "TC3-HMAC-SHA256, POST, JSON",
    "TC3-HMAC-SHA256, GET, QUERY_V3",
    "HmacSHA256, POST, FORM_V1",
    "HmacSHA256, GET, QUERY_V1",
    "HmacSHA1, POST, FORM_V1",
    "HmacSHA1, GET, QUERY_V1"
  })
  void every_signature_and_method_of_the_sdk_is_understood(
      String signMethod, String method, Mode mode) throws TencentCloudSDKException {
    ClientProfile profile = profile(method);
    profile.setSignMethod(signMethod);
    PayDealsResponse response = client(profile).PayDeals(deals("a b+c/d", "代金券"));
    assertThat(response.getOrderIds()).containsExactly("a b+c/d", "代金券");
    assertThat(response.getResourceIds()).isEmpty();
    assertThat(response.getRequestId()).isEqualTo(ID);
    assertThat(received.mode()).isEqualTo(mode);
    assertThat(received.client()).startsWith("SDK_JAVA_");
  }

  @Test
  void a_payload_left_unsigned_by_the_sdk_verifies() throws TencentCloudSDKException {
    ClientProfile profile = profile("POST");
    profile.setUnsignedPayload(true);
    assertThat(client(profile).PayDeals(deals("a")).getOrderIds()).containsExactly("a");
  }

  @Test
  void the_sdk_gets_code_message_and_request_id_of_an_error_in_its_language() {
    ClientProfile profile = profile("POST");
    profile.setLanguage(Language.ZH_CN);
    TencentCloudSDKException error =
        catchThrowableOfType(
            TencentCloudSDKException.class, () -> client(profile).PayDeals(new PayDealsRequest()));
    assertThat(error.getErrorCode()).isEqualTo("MissingParameter");
    assertThat(error.getMessage()).isEqualTo("缺少必填参数 `OrderIds`。");
    assertThat(error.getRequestId()).isEqualTo(ID);
  }

  private ClientProfile profile(String method) {
    var http = new HttpProfile();
    http.setProtocol("http://");
    http.setEndpoint("127.0.0.1:" + server.getAddress().getPort());
    http.setReqMethod(method);
    var profile = new ClientProfile();
    profile.setHttpProfile(http);
    return profile;
  }

  private static BillingClient client(ClientProfile profile) {
    return new BillingClient(new Credential("AKIDEXAMPLE", "SKEXAMPLE"), "", profile);
  }

  private static PayDealsRequest deals(String... ids) {
    var request = new PayDealsRequest();
    request.setOrderIds(ids);
    request.setAutoVoucher(1L);
    return request;
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body = answerTo(exchange);
    exchange.getResponseHeaders().set("Content-Type", Envelope.CONTENT_TYPE);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private byte[] answerTo(HttpExchange exchange) throws IOException {
    URI uri = exchange.getRequestURI();
    HeaderLookup headers =
        name -> {
          List<String> values = exchange.getRequestHeaders().get(name);
          return values == null ? List.of() : values;
        };
    var request =
        new ReceivedRequest(
            exchange.getRequestMethod(),
            uri.getRawPath(),
            uri.getRawQuery(),
            headers,
            exchange.getRequestBody().readAllBytes());
    try {
      ApiCall call = DecodedRequest.of(request, Limits.DEFAULTS).call();
      received = call;
      call.requireVersion("2018-07-09");
      if (!(call.credentials() instanceof Credentials.Signed signed)) {
        throw CommonErrors.INVALID_AUTHORIZATION.refused();
      }
      call.requireFresh(Instant.now());
      signed.requireSignedWith(Requests.SECRET, PublicHosts.VENDOR, null);
      ClientsTest.PayDeals input = call.parameters().read(ClientsTest.PayDeals::of);
      return Envelope.success(
          ID,
          Limits.DEFAULTS.responseBytes(),
          out -> {
            out.texts("OrderIds", input.orderIds());
            out.texts("ResourceIds", List.of());
            out.texts("BigDealIds", List.of());
          });
    } catch (ApiRefused refused) {
      return Envelope.error(
          ID,
          refused.error(),
          received == null ? io.yunfu.wire.tc3.Language.ENGLISH : received.language());
    }
  }
}
