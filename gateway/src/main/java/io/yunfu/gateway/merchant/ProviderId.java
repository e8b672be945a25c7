package io.yunfu.gateway.merchant;

/// The id of a service provider's public account, `out_mch_id`. 1 to 32 characters of printable
/// ASCII, so that a merchant that moves here keeps its own (OP-33).
public record ProviderId(String value) {
  public ProviderId {
    PublicIds.check(value);
  }

  @Override
  public String toString() {
    return value;
  }
}
