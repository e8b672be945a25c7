package io.yunfu.server;

import io.yunfu.channels.Transport;
import io.yunfu.channels.alipay.AlipayConnector;
import io.yunfu.channels.alipay.BillHosts;
import io.yunfu.channels.wechat.Hosts;
import io.yunfu.channels.wechat.WechatConnector;
import io.yunfu.gateway.channel.Connector;
import io.yunfu.server.config.Configuration;
import java.time.Clock;
import java.util.List;

/// The connectors of this installation.
final class Channels {
  private Channels() {}

  /// They call out the same way, and close it. Connects to nothing yet.
  static List<Connector> of(Configuration.Gateway settings, Clock clock) {
    Transport transport = transport(settings);
    return List.of(
        new WechatConnector(
            transport, new Hosts(settings.wechat().url(), settings.wechat().failoverUrl()), clock),
        new AlipayConnector(
            settings.alipay().url(),
            settings.allowOtherHosts() ? BillHosts.ANY : BillHosts.CHANNEL,
            transport,
            clock));
  }

  private static Transport transport(Configuration.Gateway settings) {
    return new Transport(
        settings
            .rootCertificates()
            .map(file -> Transport.Settings.DEFAULT.trusting(ChannelAuthorities.with(file)))
            .orElse(Transport.Settings.DEFAULT));
  }
}
