package io.yunfu.server.http;

/// The certificate or its key cannot be used. The message is for the operator and shows nothing of
/// the key.
final class CertificateInvalid extends Exception {
  private static final long serialVersionUID = 1L;

  CertificateInvalid(String message) {
    super(message);
  }
}
