package io.yunfu.billing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.kernel.PrivateAddresses;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProviderUrlTest {
  @Test
  void web_addresses_are_taken() {
    for (String url :
        List.of(
            "https://provider.example.com",
            "http://10.0.0.1:8080/deliver?cloud=1",
            "HTTPS://[2001:db8::1]/x")) {
      assertThat(ProviderUrl.objection(url)).as(url).isEmpty();
    }
  }

  @Test
  void everything_else_is_refused_without_repeating_it() {
    for (String url :
        List.of(
            "",
            "provider.example.com",
            "ftp://a/",
            "file:///etc/passwd",
            "jar:https://a/!/",
            "https:///path",
            "https://user:hunter2@a/",
            "https://user:hunter2@a_b/",
            "https://a:0/",
            "https://a:65536/",
            "https://a/#part",
            "https://a b/",
            "https://a/" + "x".repeat(2000))) {
      assertThat(ProviderUrl.objection(url)).as(url).isPresent();
      assertThat(ProviderUrl.objection(url).orElseThrow()).doesNotContain("hunter2");
    }
  }

  @Test
  void addresses_of_this_machine_and_its_network_are_private() throws UnknownHostException {
    for (String address :
        List.of(
            "0.0.0.0",
            "0.1.2.3",
            "127.0.0.1",
            "127.255.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.127.255.255",
            "192.0.0.8",
            "198.18.0.1",
            "198.19.255.255",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "fe80::1",
            "fec0::1",
            "fc00::1",
            "fd12:3456::1",
            "ff02::1",
            "64:ff9b::7f00:1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
            "2002:a00:1::1")) {
      assertThat(PrivateAddresses.isPrivate(InetAddress.getByName(address))).as(address).isTrue();
    }
  }

  @Test
  void addresses_of_the_world_are_not() throws UnknownHostException {
    for (String address :
        List.of(
            "1.1.1.1",
            "100.63.0.1",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.255",
            "2606:4700::1111",
            "64:ff9b::101:101",
            "2002:101:101::1")) {
      assertThat(PrivateAddresses.isPrivate(InetAddress.getByName(address))).as(address).isFalse();
    }
  }
}
