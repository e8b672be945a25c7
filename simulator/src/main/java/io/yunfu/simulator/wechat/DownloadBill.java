package io.yunfu.simulator.wechat;

import io.yunfu.simulator.fault.Effect;
import io.yunfu.simulator.fault.Effect.BillFault;
import io.yunfu.simulator.fault.Occasion;
import io.yunfu.simulator.fault.Stage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/// `POST /pay/downloadbill`: text, not XML, when all is well. Source: channels.md, section 2.12.
final class DownloadBill {
  static final String OP = "downloadbill";

  /// Its own codes, for `error_code`.
  static final String BAD_PARAMETER = "20001";

  private static final int MONTHS_KEPT = 3;

  private final Shop shop;

  DownloadBill(Shop shop) {
    this.shop = shop;
  }

  /// The bytes of the bill, packed if that was asked for.
  ///
  /// @throws Refused with a code of this call
  byte[] perform(Merchant merchant, Optional<SubMerchant> sub, Parameters parameters) {
    Bill.Kind kind =
        Bill.kind(parameters.optional("bill_type").orElse("ALL"))
            .orElseThrow(() -> new Refused(BAD_PARAMETER, "invalid bill_type"));
    LocalDate day =
        Times.readDay(parameters.text("bill_date"))
            .orElseThrow(() -> new Refused(BAD_PARAMETER, "invalid bill_date"));
    String packing = parameters.optional("tar_type").orElse("");
    if (!packing.isEmpty() && !packing.equals("GZIP")) {
      throw new Refused(BAD_PARAMETER, "invalid tar_type");
    }
    Instant now = shop.now();
    LocalDate today = Times.dayOf(now);
    if (!day.isBefore(today)) {
      throw new Refused(BAD_PARAMETER, "invalid bill_date");
    }
    Set<BillFault> faults = faults(merchant, sub);
    Instant cut = Times.at(day.plusDays(1), shop.behaviour().billReady());
    if (now.isBefore(cut) || faults.contains(BillFault.LATE)) {
      throw new Refused("20003", "Bill Creating");
    }
    if (day.isBefore(today.minusMonths(MONTHS_KEPT)) || faults.contains(BillFault.NO_BILL)) {
      throw noBill();
    }
    List<Order> orders =
        shop.book().all().stream()
            .filter(order ->
                order.merchant().mchId().equals(merchant.mchId())
                    && sub.filter(each -> !each.subMchId().equals(order.sub().subMchId()))
                        .isEmpty())
            .toList();
    Bill bill = Bill.of(orders, day, cut, kind, faults);
    if (bill.isEmpty() && !shop.behaviour().emptyBill()) {
      throw noBill();
    }
    byte[] text = bill.bytes(shop.behaviour().billMark());
    return packing.isEmpty() ? text : packed(text);
  }

  /// The bill of all providers as it stands now, for people.
  byte[] preview(LocalDate day) {
    return Bill.of(shop.book().all(), day, shop.now(), Bill.Kind.ALL, Set.of()).bytes(false);
  }

  private static Refused noBill() {
    return new Refused("20002", "No Bill Exist");
  }

  private Set<BillFault> faults(Merchant merchant, Optional<SubMerchant> sub) {
    Set<BillFault> faults = EnumSet.noneOf(BillFault.class);
    List<String> merchants =
        Stream.concat(Stream.of(merchant.mchId()), sub.map(SubMerchant::subMchId).stream())
            .toList();
    for (Effect effect :
        shop.world()
            .faults()
            .take(
                new Occasion(
                    Stage.BILL, WechatChannel.NAME, OP, null, merchants, merchant.mchId()))) {
      if (effect instanceof Effect.Bill(BillFault fault)) {
        faults.add(fault);
      }
    }
    return faults;
  }

  private static byte[] packed(byte[] text) {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
