package io.yunfu.simulator.alipay;

/// A refusal as it stands in an answer.
record Refusal(OpenCode code, String subCode, String text) {}
