package io.yunfu.wire.tc3;

import static io.yunfu.testkit.Property.forAll;
import static io.yunfu.wire.tc3.Requests.NOON;
import static io.yunfu.wire.tc3.Requests.SECRET;
import static io.yunfu.wire.tc3.Requests.SECRET_ID;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.wire.tc3.SignedRequest.Header;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CodecPropertiesTest {
  private static final PublicHosts NO_OTHERS = new PublicHosts(List.of());
  private static final List<Mode> MODES = List.of(Mode.values());
  private static final String[] PIECES = {
    "a",
    "Z",
    "0",
    " ",
    "+",
    "%",
    "&",
    "=",
    ".",
    "_",
    "-",
    "/",
    "?",
    "#",
    "\"",
    "\\",
    "\n",
    "\t",
    "<",
    ">",
    "'",
    "é",
    "代",
    "金",
    "\uD83D\uDE00",
    "\u202e",
    "--b",
    "\r\n",
    "{",
    "[",
    ",",
    ":"
  };

  /// A call as a client meant it.
  record Call(Mode mode, String host, Map<String, Object> parameters) {
    static Call any(RandomGenerator random) {
      Mode mode = MODES.get(random.nextInt(MODES.size()));
      return new Call(mode, anyHost(random), anyParameters(random));
    }

    SignedRequest signed() {
      return Signer.to(host, SECRET_ID, SECRET)
          .mode(mode)
          .build()
          .sign("PayDeals", parameters, NOON);
    }
  }

  @Test
  void whatever_is_signed_verifies() {
    forAll(Call::any, call -> assertThat(verdict(call.signed())).isEqualTo("verified"));
  }

  @Test
  void whatever_is_encoded_decodes_to_the_same() {
    forAll(
        Call::any,
        call -> {
          Requests.PayDeals read =
              DecodedRequest.of(call.signed().received(), Limits.DEFAULTS)
                  .call()
                  .parameters()
                  .read(Requests.PayDeals::of);
          assertThat(read).isEqualTo(expected(call.parameters()));
        });
  }

  /// A request and the same with one bit turned around, in a place that the signature covers.
  record Flip(Call call, String place, SignedRequest flipped) {
    static Flip any(RandomGenerator random) {
      Call call = Call.any(random);
      SignedRequest request = call.signed();
      List<String> places = new ArrayList<>(List.of("Host"));
      if (call.mode().usesHeaders()) {
        places.addAll(List.of("Content-Type", "X-TC-Timestamp", "Authorization"));
      }
      places.add(request.method().equals("GET") ? "query" : "body");
      String place = places.get(random.nextInt(places.size()));
      return new Flip(call, place, flipped(request, place, random));
    }

    private static SignedRequest flipped(
        SignedRequest request, String place, RandomGenerator random) {
      return switch (place) {
        case "body" ->
            new SignedRequest(
                request.method(),
                request.target(),
                request.headers(),
                flipped(request.body(), random));
        case "query" ->
            new SignedRequest(
                request.method(),
                "/?" + flipped(request.target().substring(2), random),
                request.headers(),
                request.body());
        default ->
            new SignedRequest(
                request.method(),
                request.target(),
                request.headers().stream()
                    .map(header ->
                        header.name().equals(place)
                            ? new Header(place, flipped(header.value(), random))
                            : header)
                    .toList(),
                request.body());
      };
    }

    private static String flipped(String text, RandomGenerator random) {
      return new String(flipped(text.getBytes(ISO_8859_1), random), ISO_8859_1);
    }

    private static byte[] flipped(byte[] bytes, RandomGenerator random) {
      byte[] copy = bytes.clone();
      copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
      return copy;
    }
  }

  @Test
  void any_flipped_bit_fails_verification_unless_it_means_the_same() {
    forAll(
        2_000,
        Flip::any,
        flip -> {
          boolean same =
              meaning(flip.flipped(), flip.place())
                  .equals(meaning(flip.call().signed(), flip.place()));
          if (!same) {
            assertThat(verdict(flip.flipped())).as(flip.place()).isNotEqualTo("verified");
          }
        });
  }

  /// Two requests of the same meaning may both verify: signature v1 covers decoded pairs, so `%2b`
  /// is as good as `%2B`; v3 lets clients lower-case header values.
  private static Object meaning(SignedRequest request, String place) {
    boolean v3 = request.headers().stream().anyMatch(h -> h.name().equals("Authorization"));
    if (!v3 && !place.equals("Host")) {
      try {
        byte[] body = request.body();
        String pairs = body.length > 0 ? new String(body, UTF_8) : request.target().substring(2);
        return FormBody.pairs(pairs, Limits.DEFAULTS);
      } catch (ApiRefused broken) {
        return "broken";
      }
    }
    return switch (place) {
      case "body" -> new String(request.body(), ISO_8859_1);
      case "query" -> request.target();
      case "Host", "Content-Type" -> MediaType.lower(header(request, place).strip());
      default -> header(request, place);
    };
  }

  private static String header(SignedRequest request, String name) {
    return request.received().headers().all(name).getFirst();
  }

  /// Random bytes where a body, a query or a header should be.
  record Garbage(ReceivedRequest request, String shown) {
    static Garbage any(RandomGenerator random) {
      Call call = Call.any(random);
      ReceivedRequest good = call.signed().received();
      byte[] body = good.body().clone();
      String query = good.query();
      for (int i = random.nextInt(8); i >= 0; i--) {
        if (body.length > 0) {
          body[random.nextInt(body.length)] = (byte) random.nextInt(256);
        }
        if (query != null && !query.isEmpty()) {
          int at = random.nextInt(query.length());
          query = query.substring(0, at) + (char) random.nextInt(300) + query.substring(at + 1);
        }
      }
      int cut = body.length == 0 ? 0 : random.nextInt(body.length + 1);
      byte[] sent = random.nextBoolean() ? body : Arrays.copyOf(body, cut);
      return new Garbage(
          new ReceivedRequest(good.method(), good.path(), query, good.headers(), sent),
          new String(sent, ISO_8859_1) + query);
    }
  }

  @Test
  void garbage_is_refused_or_read_but_never_blows_up() {
    forAll(
        2_000,
        Garbage::any,
        garbage -> {
          try {
            ApiCall call = DecodedRequest.of(garbage.request(), Limits.DEFAULTS).call();
            call.credentials();
            call.parameters().read(Requests.PayDeals::of);
          } catch (ApiRefused refused) {
            assertThat(refused.error().code()).isNotEmpty();
          }
        });
  }

  @Test
  void authorization_headers_of_any_shape_are_parsed_or_refused() {
    forAll(
        2_000,
        random ->
            anyText(random, 30)
                + "TC3-HMAC-SHA256 Credential=a/b/c/tc3_request, "
                + anyText(random, 30),
        header -> {
          Authorization.parse(header);
          Authorization.parse(header.substring(header.indexOf("TC3")));
          MediaType.parameter(header, "boundary");
        });
  }

  private static String verdict(SignedRequest request) {
    try {
      ApiCall call = DecodedRequest.of(request.received(), Limits.DEFAULTS).call();
      if (!(call.credentials() instanceof Credentials.Signed signed)) {
        return "not signed";
      }
      if (!signed.secretId().equals(SECRET_ID)) {
        return "another key";
      }
      return signed.isSignedWith(SECRET, NO_OTHERS, null) ? "verified" : "not verified";
    } catch (ApiRefused refused) {
      return refused.error().code();
    }
  }

  private static Requests.PayDeals expected(Map<String, Object> sent) {
    return new Requests.PayDeals(
        texts(sent.get("OrderIds")),
        sent.get("AutoVoucher") instanceof Long number ? number : 0,
        (String) sent.get("CpsUin"),
        (Boolean) sent.get("Flag"),
        (BigDecimal) sent.get("Rate"),
        null,
        sent.get("StatusSet") instanceof List<?> numbers
            ? numbers.stream().map(Long.class::cast).toList()
            : List.of(),
        sent.get("Filters") instanceof List<?> filters
            ? filters.stream().map(CodecPropertiesTest::filter).toList()
            : List.of(),
        null);
  }

  private static Requests.Filter filter(Object sent) {
    Map<?, ?> fields = (Map<?, ?>) sent;
    return new Requests.Filter((String) fields.get("Name"), texts(fields.get("Values")));
  }

  private static List<String> texts(Object list) {
    return ((List<?>) list).stream().map(String.class::cast).toList();
  }

  private static Map<String, Object> anyParameters(RandomGenerator random) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("OrderIds", anyTexts(random, 1, 14));
    if (random.nextBoolean()) {
      parameters.put("AutoVoucher", random.nextLong());
    }
    if (random.nextBoolean()) {
      // Not empty: signature v1 does not cover pairs without a value, as Go wants it.
      parameters.put("CpsUin", anyText(random, 10));
    }
    if (random.nextBoolean()) {
      parameters.put("Flag", random.nextBoolean());
    }
    if (random.nextBoolean()) {
      parameters.put("Rate", BigDecimal.valueOf(random.nextInt(), random.nextInt(9)));
    }
    if (random.nextBoolean()) {
      parameters.put("StatusSet", random.longs(3).boxed().toList());
    }
    if (random.nextBoolean()) {
      parameters.put("Filters", List.of(anyFilter(random), anyFilter(random)));
    }
    return parameters;
  }

  private static Map<String, Object> anyFilter(RandomGenerator random) {
    Map<String, Object> filter = new LinkedHashMap<>();
    filter.put("Name", anyText(random, 5));
    filter.put("Values", anyTexts(random, 1, 3));
    return filter;
  }

  private static List<String> anyTexts(RandomGenerator random, int min, int max) {
    return IntStream.range(0, random.nextInt(min, max + 1))
        .mapToObj(i -> anyText(random, 12))
        .toList();
  }

  private static String anyText(RandomGenerator random, int max) {
    return Stream.generate(() -> PIECES[random.nextInt(PIECES.length)])
        .limit(random.nextInt(1, max))
        .collect(Collectors.joining());
  }

  private static String anyHost(RandomGenerator random) {
    String name =
        List.of("127.0.0.1", "localhost", "billing.local", "[::1]").get(random.nextInt(4));
    return random.nextBoolean() ? name : name + ":" + random.nextInt(1, 65_536);
  }
}
