package io.yunfu.simulator.admin;

import static io.yunfu.simulator.admin.Html.escaped;

import io.yunfu.kernel.Money;
import io.yunfu.simulator.channel.Paid;
import io.yunfu.simulator.channel.Payable;
import io.yunfu.simulator.channel.Payment.Action;
import io.yunfu.simulator.channel.Surroundings;
import io.yunfu.simulator.http.Inbound;
import io.yunfu.simulator.http.Reply;
import io.yunfu.simulator.json.BadInput;
import io.yunfu.simulator.people.User;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// `GET /_sim/cashier`: what the user sees in the app. Works without any script.
final class CashierPage {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("MM-dd HH:mm:ss").withZone(ZoneOffset.ofHours(8));

  private static final String COUPON = "coupon";

  private final Surroundings world;
  private final Counter counter;

  CashierPage(Surroundings world, Counter counter) {
    this.world = world;
    this.counter = counter;
  }

  /// With a reference the order, without one the list of all that could be paid.
  Reply show(Inbound inbound) {
    String reference = inbound.parameters().getOrDefault("ref", "").trim();
    if (reference.isEmpty()) {
      return list();
    }
    Optional<Payable> payable = counter.find(channel(inbound.parameters()), reference);
    return payable
        .map(each -> Html.page(200, title(each), order(each, "", "")))
        .orElseGet(() ->
            Html.page(
                404,
                "收银台",
                "<h1>收银台</h1><div class=\"card\"><p class=\"bad\">没有可支付的订单：%s</p>%s</div>"
                    .formatted(escaped(reference), search(reference))));
  }

  Reply pay(Inbound inbound) {
    Map<String, String> form = inbound.form();
    String reference = form.getOrDefault("ref", "");
    String name = form.getOrDefault("action", "");
    Optional<String> channel = channel(form);
    if (name.equals("leave")) {
      channel.ifPresent(each -> counter.leave(each, reference));
      return list();
    }
    Paid paid =
        counter.pay(
            channel,
            reference,
            form.getOrDefault("user", ""),
            action(name, form),
            name.equals("late"),
            name.equals("closing"));
    Payable payable =
        counter
            .find(channel, reference)
            .orElseThrow(() -> new BadInput("the order is gone: " + reference));
    String message =
        "<p class=\"%s\" role=\"status\" data-result=\"%s\">%s</p>"
            .formatted(
                paid.succeeded() ? "good" : "bad",
                paid.succeeded() ? "paid" : "unpaid",
                escaped(paid.text()));
    return Html.page(200, title(payable), order(payable, message, form.getOrDefault("user", "")));
  }

  private static Action action(String name, Map<String, String> form) {
    return switch (name) {
      case "success", "late", "closing" -> new Action.Success();
      case "cancel" -> new Action.Cancel();
      case "insufficient" -> new Action.Insufficient();
      case "password_wrong" -> new Action.PasswordWrong();
      case "bank_error" -> new Action.BankError();
      case "pending" -> new Action.Pending(Duration.ofSeconds(5), true);
      case COUPON ->
          new Action.Coupon(fen(form.getOrDefault(COUPON, "")), "CASH".equals(form.get("type")));
      default -> throw new BadInput("there is no button " + name);
    };
  }

  private static Money fen(String yuan) {
    try {
      return Money.cny(new BigDecimal(yuan.trim()).movePointRight(2).longValueExact());
    } catch (ArithmeticException | NumberFormatException e) {
      throw new BadInput("a coupon is so many yuan, such as 0.10, not " + yuan);
    }
  }

  private static Optional<String> channel(Map<String, String> parameters) {
    return Optional.ofNullable(parameters.get("channel")).filter(name -> !name.isEmpty());
  }

  private static String title(Payable payable) {
    return switch (payable.channel()) {
      case "wechat" -> "微信支付";
      case "alipay" -> "支付宝";
      default -> payable.channel();
    };
  }

  private Reply list() {
    String rows =
        counter.all().stream()
            .map(each ->
                """
                <tr><td>%s</td><td><a href="/_sim/cashier?channel=%s&amp;ref=%s">%s</a><br>
                <span class="quiet">%s · %s</span></td><td class="number">¥%s</td><td>%s</td></tr>
                """
                    .formatted(
                        escaped(title(each)),
                        escaped(each.channel()),
                        escaped(encoded(each.reference())),
                        escaped(each.title()),
                        escaped(each.number()),
                        TIME.format(each.created()),
                        yuan(each.amount()),
                        escaped(each.state())))
            .collect(Collectors.joining());
    return Html.page(
        200,
        "收银台",
        """
        <h1>收银台 <span class="en" lang="en">Cashier</span></h1>
        <div class="card">%s</div>
        <h2>待支付订单 <span class="en" lang="en">To be paid</span></h2>
        <table><thead><tr><th>渠道</th><th>订单</th><th>金额</th><th>状态</th></tr></thead>
        <tbody>%s</tbody></table>
        <h2>用户 <span class="en" lang="en">Users</span></h2>
        %s
        """
            .formatted(
                search(""),
                rows.isEmpty() ? "<tr><td colspan=\"4\" class=\"quiet\">没有</td></tr>" : rows,
                people()));
  }

  private static String search(String reference) {
    return """
    <form method="get" action="/_sim/cashier">
    <label for="ref">prepay_id、二维码内容、交易号或商户订单号
    <span class="en" lang="en">prepay_id, QR code, trade or order number</span></label>
    <input id="ref" name="ref" value="%s" autocomplete="off" required>
    <button class="pay">下一步 <span class="en" lang="en">Next</span></button>
    </form>
    """
        .formatted(escaped(reference));
  }

  private String order(Payable payable, String message, String chosen) {
    String user = chosen.isEmpty() ? payable.payer().orElse("") : chosen;
    return """
    <h1>%s</h1>
    <form method="post" action="/_sim/cashier" class="card %s">
    <p>%s<br><span class="quiet">%s</span></p>
    <p class="amount">¥%s</p>
    <p class="quiet">商户订单号 <span class="en" lang="en">Order</span> %s<br>状态
      <span class="en" lang="en">State</span> <span id="state">%s</span></p>
    %s
    <input type="hidden" name="channel" value="%s">
    <input type="hidden" name="ref" value="%s">
    <label for="user">用户 <span class="en" lang="en">User</span></label>
    <select id="user" name="user">%s</select>
    <button class="pay" name="action" value="success">立即支付 <span class="en" lang="en">Pay now</span></button>
    <p>
    <button name="action" value="cancel">取消 <span class="en" lang="en">Cancel</span></button>
    <button name="action" value="password_wrong">密码错误
      <span class="en" lang="en">Wrong password</span></button>
    <button name="action" value="insufficient">余额不足
      <span class="en" lang="en">Too little money</span></button>
    <button name="action" value="bank_error">银行异常 <span class="en" lang="en">Bank trouble</span></button>
    <button name="action" value="pending">支付中，5 秒后成功
      <span class="en" lang="en">Pending, paid in 5 s</span></button>
    <button name="action" value="late">关单后仍然付款 <span class="en" lang="en">Pay though closed</span></button>
    <button name="action" value="closing">付款后关闭应用
      <span class="en" lang="en">Pay and close the app</span></button>
    </p>
    <details><summary class="quiet">使用代金券 <span class="en" lang="en">Use a coupon</span></summary>
    <label for="coupon">代金券金额（元） <span class="en" lang="en">Worth, in yuan</span></label>
    <input id="coupon" name="coupon" value="0.01" inputmode="decimal">
    <label for="type">类型 <span class="en" lang="en">Kind</span></label>
    <select id="type" name="type"><option>NO_CASH</option><option>CASH</option></select>
    <button name="action" value="coupon">用券支付 <span class="en" lang="en">Pay with it</span></button>
    </details>
    </form>
    <p><a href="/_sim/cashier">全部订单
      <span class="en" lang="en">All orders</span></a> · <a href="/_sim/orders/%s">订单历史
      <span class="en" lang="en">History</span></a></p>
    """
        .formatted(
            escaped(title(payable)),
            escaped(payable.channel()),
            escaped(payable.title()),
            escaped(payable.merchant()),
            yuan(payable.amount()),
            escaped(payable.number()),
            escaped(payable.state()),
            message,
            escaped(payable.channel()),
            escaped(payable.reference()),
            options(user),
            escaped(encoded(payable.number())));
  }

  private String options(String chosen) {
    return listed().stream()
        .map(user ->
            "<option value=\"%s\"%s>%s（%s，余额 ¥%s）</option>"
                .formatted(
                    escaped(user.name()),
                    user.name().equals(chosen) ? " selected" : "",
                    escaped(user.display()),
                    escaped(user.name()),
                    yuan(world.people().balance(user))))
        .collect(Collectors.joining());
  }

  private String people() {
    return listed().stream()
        .map(user ->
            """
            <div class="card"><strong>%s</strong> <span class="quiet">%s</span>
            <span class="quiet">%s</span><br>余额 ¥%s
            <p class="quiet">%s支付宝 user_id <code>%s</code><br>支付宝 open_id <code>%s</code></p></div>
            """
                .formatted(
                    escaped(user.display()),
                    escaped(user.name()),
                    traits(user),
                    yuan(world.people().balance(user)),
                    openids(user),
                    escaped(user.alipayUserId()),
                    escaped(user.alipayOpenId())))
        .collect(Collectors.joining());
  }

  private String openids(User user) {
    return world.people().openids(user).entrySet().stream()
        .map(each ->
            "微信 openid <code>%s</code>（%s）<br>"
                .formatted(escaped(each.getValue()), escaped(each.getKey())))
        .collect(Collectors.joining());
  }

  /// The most that a page shows: those that were set up come first, strangers after them.
  private List<User> listed() {
    return world.people().all().stream().limit(100).toList();
  }

  private static String traits(User user) {
    return (user.creditOnly() ? "仅信用卡 " : "")
        + (user.frozen() ? "已冻结 " : "")
        + (user.needsPassword() ? "付款码需密码" : "");
  }

  private static String yuan(Money amount) {
    return BigDecimal.valueOf(amount.cents(), 2).toPlainString();
  }

  private static String encoded(String text) {
    return java.net.URLEncoder.encode(text, java.nio.charset.StandardCharsets.UTF_8);
  }
}
