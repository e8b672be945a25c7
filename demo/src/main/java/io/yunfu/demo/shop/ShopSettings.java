package io.yunfu.demo.shop;

import java.net.URI;

/// What the shop has to know: all of it stands in `demo.json`, where any other integration finds it
/// as well.
///
/// @param port to listen on, 0 for a free one
public record ShopSettings(
    int port, Addresses addresses, Merchant merchant, Payer payer, Customer customer) {

  /// Where the others are.
  ///
  /// @param cpay what the names of Cloud Pay's calls are added to, without a slash at the end
  /// @param api the billing API
  /// @param admin the operator's API
  /// @param simulator whose script stands in for the apps' bridges
  public record Addresses(URI cpay, URI api, URI admin, URI simulator) {}

  /// Who sells.
  ///
  /// @param orderPrefix what order numbers begin with
  /// @param authKey signs calls and their answers
  /// @param providerKey signs notices
  public record Merchant(
      String outMchId,
      String outSubMchId,
      String outShopId,
      String orderPrefix,
      String authKey,
      String providerKey) {
    @Override
    public String toString() {
      return "Merchant[" + outSubMchId + "]";
    }
  }

  /// Who pays: by the ids that a page inside the app learns when its visitor signs in.
  public record Payer(String wechatSubOpenId, String alipayUserId) {}

  /// The account that is topped up, and the order that it cannot pay yet.
  ///
  /// @param adminToken with which the shop credits what was paid
  public record Customer(
      String uin, String secretId, String secretKey, String orderId, String adminToken) {
    @Override
    public String toString() {
      return "Customer[" + uin + "]";
    }
  }
}
