package io.yunfu.acceptance;

import com.tencentcloudapi.billing.v20180709.BillingClient;
import com.tencentcloudapi.billing.v20180709.models.PayDealsRequest;
import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;
import com.tencentcloudapi.common.profile.Language;

/// The vendor's Java SDK, unmodified, and the ways in which its user can set it up.
///
/// @param signature `TC3-HMAC-SHA256`, `HmacSHA256` or `HmacSHA1`
/// @param language null to leave it to the SDK
record Vendor(
    String endpoint, String method, String signature, Language language, boolean unsignedPayload) {

  /// Nothing changed but the address.
  static Vendor at(String endpoint) {
    return new Vendor(endpoint, HttpProfile.REQ_POST, ClientProfile.SIGN_TC3_256, null, false);
  }

  Vendor method(String other) {
    return new Vendor(endpoint, other, signature, language, unsignedPayload);
  }

  Vendor signature(String other) {
    return new Vendor(endpoint, method, other, language, unsignedPayload);
  }

  Vendor language(Language other) {
    return new Vendor(endpoint, method, signature, other, unsignedPayload);
  }

  Vendor withUnsignedPayload() {
    return new Vendor(endpoint, method, signature, language, true);
  }

  BillingClient client(Key key) {
    var http = new HttpProfile();
    http.setProtocol(HttpProfile.REQ_HTTP);
    http.setEndpoint(endpoint);
    http.setReqMethod(method);
    // By default it would wait for an answer for ever, and so would the test.
    http.setReadTimeout((int) Program.PATIENCE.toSeconds());
    var profile = new ClientProfile(signature, http);
    profile.setUnsignedPayload(unsignedPayload);
    if (language != null) {
      profile.setLanguage(language);
    }
    var credential =
        key.token().isEmpty()
            ? new Credential(key.secretId(), key.secretKey())
            : new Credential(key.secretId(), key.secretKey(), key.token());
    return new BillingClient(credential, "", profile);
  }

  static PayDealsRequest deals(String... ids) {
    var request = new PayDealsRequest();
    request.setOrderIds(ids);
    return request;
  }
}
