package io.yunfu.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.tencentcloudapi.billing.v20180709.BillingClient;
import com.tencentcloudapi.billing.v20180709.models.DescribeAccountBalanceRequest;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// Twenty calls per second, account and action, with the settings as they come. Source: both
/// documents of PayDeals, section 1. Nothing is asserted about how fast this machine is: a try that
/// took longer than the second it is about is made again with a fresh account.
class RateLimitAcceptanceIT {
  private static final int LIMIT = 20;
  private static final int TRIES = 15;
  private static final long SECOND = 1_000_000_000L;

  private final DemoServer demo = DemoServer.shared();
  private final Operator operator = demo.operator();

  private record Try(Order order, String code, String message) {}

  @Test
  void of_twenty_one_payments_in_one_second_exactly_the_surplus_is_refused_unpaid()
      throws Exception {
    for (int tries = 0; tries < TRIES; tries++) {
      Customer customer = operator.customer(Edition.CHINA, 2_100);
      List<Order> orders = operator.orders(customer, LIMIT + 1, 100);
      BillingClient client = Vendor.at(demo.host()).client(customer.key());
      // Loads the classes and opens a connection; another action, so it is counted apart.
      client.DescribeAccountBalance(new DescribeAccountBalanceRequest());
      long start = System.nanoTime();
      List<Try> all = atOnce(orders.stream().map(order -> payment(client, order)).toList());
      if (System.nanoTime() - start < SECOND) {
        List<Try> refused = all.stream().filter(each -> !each.code().equals(Answer.OK)).toList();
        assertThat(refused).hasSize(1);
        assertThat(refused.getFirst().code()).isEqualTo("RequestLimitExceeded");
        assertThat(refused.getFirst().message()).contains("`21`").contains("`20`");
        assertThat(operator.available(customer)).isEqualTo(100);
        Thread.sleep(1_100); // the one time that only passing time helps
        assertThat(payment(client, refused.getFirst().order()).call().code()).isEqualTo(Answer.OK);
        return;
      }
    }
    Assumptions.abort("this machine did not make 21 calls in one second in " + TRIES + " tries");
  }

  /// Over one connection they arrive one after the other, so it is known which is the surplus.
  @Test
  void the_surplus_is_the_last_call_and_other_actions_and_accounts_are_counted_apart()
      throws IOException {
    for (int tries = 0; tries < TRIES; tries++) {
      Customer customer = operator.customer(Edition.INTERNATIONAL, 1);
      Customer other = operator.customer(Edition.INTERNATIONAL, 1);
      byte[] call = CallV3.post(customer.key(), "DescribeAccountBalance", "{}").bytes(demo.port());
      byte[] ofOther = CallV3.post(other.key(), "DescribeAccountBalance", "{}").bytes(demo.port());
      byte[] otherAction =
          CallV3.post(customer.key(), "DescribeVoucherInfo", "{\"Limit\":1,\"Offset\":1}")
              .bytes(demo.port());
      try (var connection = new Connection(demo.port())) {
        long start = System.nanoTime();
        for (int i = 0; i < LIMIT + 1; i++) {
          connection.send(call);
        }
        connection.send(ofOther).send(otherAction);
        var codes = new ArrayList<String>();
        for (int i = 0; i < LIMIT + 3; i++) {
          codes.add(connection.answer().code());
        }
        if (System.nanoTime() - start < SECOND) {
          var expected = new ArrayList<>(Collections.nCopies(LIMIT, Answer.OK));
          expected.addAll(List.of("RequestLimitExceeded", Answer.OK, Answer.OK));
          assertThat(codes).isEqualTo(expected);
          return;
        }
      }
    }
    Assumptions.abort("this machine did not make 23 calls in one second in " + TRIES + " tries");
  }

  private static Callable<Try> payment(BillingClient client, Order order) {
    return () -> {
      try {
        client.PayDeals(order.request());
        return new Try(order, Answer.OK, "");
      } catch (TencentCloudSDKException e) {
        return new Try(order, e.getErrorCode(), e.getMessage());
      }
    };
  }

  private static <T> List<T> atOnce(List<Callable<T>> calls) throws Exception {
    var barrier = new CyclicBarrier(calls.size());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> futures =
          calls.stream()
              .map(call ->
                  threads.submit(() -> {
                    barrier.await();
                    return call.call();
                  }))
              .toList();
      var results = new ArrayList<T>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    }
  }
}
