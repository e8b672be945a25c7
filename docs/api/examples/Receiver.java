import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// An example of a provider: whoever makes the resources of paid deals. One file, the JDK alone:
///
///     YUNFU_PROVIDER_SECRET=… java Receiver.java 8090 ./delivered
///
/// It listens on loopback, and keeps one file per deal that it has delivered. Then register it:
/// provider.md, section 1. A real one would use a JSON library and a database; what it must do is
/// marked with the section that asks for it.
public class Receiver {
  /// How old a signature may be. Section 3.
  private static final long WINDOW_SECONDS = 300;

  private static final int LONGEST_BODY = 1 << 20;

  private final byte[] secret;
  private final Path delivered;

  Receiver(String secret, Path delivered) {
    this.secret = secret.getBytes(StandardCharsets.UTF_8);
    this.delivered = delivered;
  }

  public static void main(String[] args) throws IOException {
    String secret = System.getenv("YUNFU_PROVIDER_SECRET");
    if (secret == null || secret.isEmpty() || args.length != 2) {
      System.err.println("Usage: YUNFU_PROVIDER_SECRET=... java Receiver.java PORT DIRECTORY");
      System.exit(2);
    }
    Receiver receiver = new Receiver(secret, Files.createDirectories(Path.of(args[1])));
    int port = Integer.parseInt(args[0]);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", receiver::handle);
    server.start();
    System.out.println("Listening on http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readNBytes(LONGEST_BODY);
      String signature = exchange.getRequestHeaders().getFirst("Yunfu-Signature");
      String key = exchange.getRequestHeaders().getFirst("Yunfu-Idempotency-Key");
      if (!exchange.getRequestMethod().equals("POST")) {
        answer(exchange, 405, "{\"reason\":\"POST only\"}");
      } else if (!isSigned(signature, body)) {
        answer(exchange, 401, "{\"reason\":\"bad signature\"}");
      } else if (key == null || !key.matches("[0-9A-Za-z_-]{1,64}")) {
        answer(exchange, 400, "{\"reason\":\"no idempotency key\"}");
      } else {
        answer(exchange, 200, deliverOnce(key, new String(body, StandardCharsets.UTF_8)));
      }
    }
  }

  /// Section 3: the signature is over the time, a dot, and the bytes as they came. Compared in
  /// constant time, and not accepted when it is old.
  private boolean isSigned(String header, byte[] body) {
    Matcher parts =
        Pattern.compile("t=([0-9]{1,12}),v1=([0-9a-f]{64})").matcher(header == null ? "" : header);
    if (!parts.matches()) {
      return false;
    }
    long age = System.currentTimeMillis() / 1000 - Long.parseLong(parts.group(1));
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      mac.update((parts.group(1) + ".").getBytes(StandardCharsets.US_ASCII));
      byte[] expected = mac.doFinal(body);
      return Math.abs(age) <= WINDOW_SECONDS
          && MessageDigest.isEqual(expected, HexFormat.of().parseHex(parts.group(2)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Section 4: the same key gets the same answer, and nothing is made twice. The answer is on disk
  /// before it is given.
  private synchronized String deliverOnce(String key, String request) throws IOException {
    Path file = delivered.resolve(key);
    if (Files.exists(file)) {
      return Files.readString(file);
    }
    String answer = deliver(key, request);
    if (answer.contains("\"delivered\"")) { // a refusal is not kept: it may be decided anew
      Path draft = Files.writeString(delivered.resolve(key + ".draft"), answer);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }
    return answer;
  }

  /// Here the work would be done: machines started, licences issued. Section 5: the answers.
  private static String deliver(String key, String request) {
    if (!field(request, "action").equals("purchase")) {
      return "{\"status\":\"delivered\"}"; // a change: its resources are those it names
    }
    int quantity = Integer.parseInt(field(request, "quantity"));
    if (quantity > 10) {
      return "{\"status\":\"refused\",\"reason\":\"At most 10 at a time\"}";
    }
    StringBuilder ids = new StringBuilder();
    for (int i = 1; i <= quantity; i++) {
      ids.append(i == 1 ? "" : ",").append("\"%s-%s-%d\"".formatted(field(request, "resourcePrefix"), key, i));
    }
    return "{\"status\":\"delivered\",\"resourceIds\":[" + ids + "]}";
  }

  /// Good enough for fields that hold no quotation marks. Use a JSON library.
  private static String field(String json, String name) {
    Matcher field = Pattern.compile("\"" + name + "\":\"?([^\",}]*)").matcher(json);
    return field.find() ? field.group(1) : "";
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
