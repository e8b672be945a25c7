package io.yunfu.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// `yunfu demo`, once for all tests of this JVM. Its sample orders belong to the tests of the
/// README; all others make customers of their own.
final class DemoServer {
  private static final ReentrantLock LOCK = new ReentrantLock();
  private static DemoServer shared;

  /// What its simulated channels know its merchant by.
  private static final List<String> OF_CHANNELS =
      List.of("DEMOKEY0000000000000000000000001", SimulatedChannels.ALIPAY_TOKEN);

  private final Path directory;
  private final Path data;
  private final Program program;
  private final JsonNode json;
  private final Operator operator;

  /// An account of the sample data.
  record Account(
      long uin,
      String edition,
      Key key,
      List<String> unpaidOrderIds,
      List<String> unpaidBigDealIds,
      List<String> voucherIds,
      JsonNode orders) {
    static Account of(JsonNode json) {
      return new Account(
          json.get("uin").asLong(),
          json.get("edition").asString(),
          new Key(json.get("secretId").asString(), json.get("secretKey").asString()),
          texts(json.get("unpaidOrderIds")),
          texts(json.get("unpaidBigDealIds")),
          texts(json.get("voucherIds")),
          json.get("orders"));
    }

    /// The orders of a kind, such as `bigDealOfThree`.
    List<String> orders(String kind) {
      return texts(orders.get(kind));
    }

    private static List<String> texts(JsonNode list) {
      return list.valueStream().map(JsonNode::asString).toList();
    }
  }

  private DemoServer() {
    directory = Scratch.directory();
    data = directory.resolve("data").resolve("demo");
    program = start(directory);
    json = read(program, data);
    operator = new Operator(data);
  }

  static DemoServer shared() {
    LOCK.lock();
    try {
      if (shared == null) {
        shared = new DemoServer();
      }
      return shared;
    } finally {
      LOCK.unlock();
    }
  }

  /// As the README tells to start it, but for the port, and with as many cells as the suite runs
  /// with.
  static Program start(Path directory) {
    return Program.start(directory, Program.withCells(Map.of()), "demo", "--port", "0");
  }

  /// What it has written once everything answers.
  static JsonNode read(Program program, Path data) {
    program.await("it is ready", () -> program.out().contains("Stop with Ctrl-C"));
    try {
      JsonNode json =
          new ObjectMapper().readTree(Files.readString(data.resolve("demo.json"), UTF_8));
      Secrets.remember(json.get("admin").get("token").asString());
      for (JsonNode merchant : json.get("merchants")) {
        Secrets.remember(merchant.get("authKey").asString());
        Secrets.remember(merchant.get("providerKey").asString());
        Secrets.rememberOfChannels(merchant.get("wechatSubOpenId").asString());
        Secrets.rememberOfChannels(merchant.get("alipayUserId").asString());
      }
      for (String secret : OF_CHANNELS) {
        Secrets.rememberOfChannels(secret);
      }
      for (String key :
          List.of("1900000001_key.pem", "alipay_2021000000000001_app_private_key.pem")) {
        SimulatedChannels.rememberKey(data.resolve("simulator").resolve(key));
      }
      return json;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Where a person would stand who has started it.
  Path directory() {
    return directory;
  }

  Path data() {
    return data;
  }

  Program program() {
    return program;
  }

  JsonNode json() {
    return json;
  }

  Operator operator() {
    return operator;
  }

  int port() {
    return URI.create(json.get("api").asString()).getPort();
  }

  /// Address and port, as a client is told.
  String host() {
    return "127.0.0.1:" + port();
  }

  List<Account> accounts() {
    return StreamSupport.stream(json.get("accounts").spliterator(), false)
        .map(Account::of)
        .toList();
  }
}
