package io.yunfu.simulator.alipay;

import io.yunfu.simulator.channel.Surroundings;
import io.yunfu.simulator.fault.Effect;
import io.yunfu.simulator.fault.Effect.BillFault;
import io.yunfu.simulator.fault.Occasion;
import io.yunfu.simulator.fault.Stage;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Hands out bills: first an address that is good for half a minute, then the file. Runs in steps.
/// Source: channels.md, section 4.11.
final class Bills {
  static final String PATH = "/bill/";
  static final String SUFFIX = ".zip";

  private static final Duration LINK_LIFE = Duration.ofSeconds(30);

  /// Links that are remembered; most are used at once.
  private static final int LINKS_KEPT = 1000;

  private static final Set<String> TYPES = Set.of("trade", "signcustomer");

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Link(byte[] file, Instant expires) {}

  private final Surroundings world;
  private final Book book;
  private final Supplier<AlipaySettings> settings;
  private final Map<String, Link> links =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Link> eldest) {
          return size() > LINKS_KEPT;
        }
      };

  Bills(Surroundings world, Book book, Supplier<AlipaySettings> settings) {
    this.world = world;
    this.book = book;
    this.settings = settings;
  }

  void clear() {
    links.clear();
  }

  OpenAnswer link(Caller caller, BizContent content) {
    String type = content.text("bill_type", 20).orElse("");
    Optional<Span> span = content.text("bill_date", 15).flatMap(Span::read);
    if (!TYPES.contains(type) || span.isEmpty()) {
      return OpenAnswer.Refused.of(Reason.INVALID_ARGUMENTS);
    }
    LocalDate last = span.get().last();
    Instant now = world.timeline().now();
    if (!last.isBefore(BeijingTime.date(now))) {
      return OpenAnswer.Refused.of(Reason.INVALID_ARGUMENTS);
    }
    List<Effect> effects =
        world
            .faults()
            .take(
                new Occasion(
                    Stage.BILL,
                    AlipayChannel.NAME,
                    OpenMethod.BILL.wire(),
                    null,
                    List.of(caller.app().id(), caller.seller().id()),
                    caller.seller().id()));
    if (effects.contains(new Effect.Bill(BillFault.NO_BILL))
        || effects.contains(new Effect.Bill(BillFault.LATE))
        || now.isBefore(readyAt(last))) {
      return OpenAnswer.Refused.of(Reason.BILL_NOT_EXIST);
    }
    return offer(caller.seller(), type, span.get(), effects);
  }

  private OpenAnswer offer(Seller seller, String type, Span span, List<Effect> effects) {
    byte[] file;
    boolean empty;
    if (type.equals("trade")) {
      TradeBill bill = TradeBill.of(book, seller, span.first(), span.last(), effects);
      file = bill.zip();
      empty = bill.isEmpty();
    } else {
      AccountBill bill =
          AccountBill.of(
              book, seller, span.first(), span.last(), world.ledger().balance(seller.account()));
      file = bill.zip();
      empty = bill.isEmpty();
    }
    String token = world.seed().of("alipay bill").alphanumerics(40);
    links.put(token, new Link(file, world.timeline().now().plus(LINK_LIFE)));
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put(
        "bill_download_url",
        world.places().plain(AlipayChannel.NAME).resolve(PATH + token + SUFFIX).toString());
    if (empty) {
      fields.put("bill_file_code", "EMPTY_DATA_WITH_BILL_FILE");
    }
    return OpenAnswer.Done.of(fields);
  }

  /// The file behind a link, while it is good.
  Optional<byte[]> file(String token) {
    return Optional.ofNullable(links.get(token))
        .filter(link -> world.timeline().now().isBefore(link.expires()))
        .map(Link::file);
  }

  private Instant readyAt(LocalDate day) {
    return day.plusDays(1).atTime(settings.get().billReady()).atZone(BeijingTime.ZONE).toInstant();
  }

  /// The days of a bill: one, or a month.
  private record Span(LocalDate first, LocalDate last) {
    static Optional<Span> read(String text) {
      try {
        if (text.length() == 7) {
          YearMonth month = YearMonth.parse(text);
          return Optional.of(new Span(month.atDay(1), month.atEndOfMonth()));
        }
        LocalDate day = LocalDate.parse(text);
        return Optional.of(new Span(day, day));
      } catch (DateTimeException e) {
        return Optional.empty();
      }
    }
  }
}
