package io.yunfu.kernel;

/// The currencies of the two editions; the smallest unit of both is a hundredth (fen, cent).
public enum Currency {
  CNY,
  USD
}
