package io.yunfu.bench;

/// The runs with one answer time of the channel and one number of connections.
record CpaySeries(AnswerTime answers, int connections, Runs runs) {
  /// Before its first run.
  CpaySeries(AnswerTime answers, int connections) {
    this(answers, connections, new Runs());
  }
}
