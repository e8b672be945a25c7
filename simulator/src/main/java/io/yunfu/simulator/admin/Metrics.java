package io.yunfu.simulator.admin;

import io.yunfu.simulator.channel.Surroundings;
import io.yunfu.simulator.fault.Faults;
import io.yunfu.simulator.http.Reply;
import io.yunfu.simulator.json.Fields;
import io.yunfu.simulator.notice.Notice;
import java.util.Map;
import java.util.TreeMap;

/// Counts in the Prometheus text format. Four families need no library.
final class Metrics {
  private Metrics() {}

  static Reply reply(Surroundings world) {
    var text = new StringBuilder();
    family(text, "yunfu_simulator_requests_total", "Requests of a channel's API.");
    world
        .requests()
        .counts()
        .forEach((count, n) ->
            text.append(
                "yunfu_simulator_requests_total{channel=\"%s\",op=\"%s\",verdict=\"%s\"} %d\n"
                    .formatted(
                        escaped(count.channel()),
                        escaped(count.op()),
                        escaped(count.verdict()),
                        n)));
    family(text, "yunfu_simulator_faults_applied_total", "Times that a rule took place.");
    for (Faults.Counted each : world.faults().rules()) {
      text.append(
          "yunfu_simulator_faults_applied_total{rule=\"%s\",effect=\"%s\"} %d\n"
              .formatted(
                  each.rule().id(),
                  escaped(each.rule().spelling().path("kind").asString()),
                  each.applied()));
    }
    Map<String, Long> states = new TreeMap<>();
    long attempts = 0;
    for (Notice notice : world.notices().all()) {
      states.merge(
          "channel=\"%s\",kind=\"%s\",state=\"%s\""
              .formatted(
                  notice.draft().channel(), notice.draft().kind(), Fields.spelling(notice.state())),
          1L,
          Long::sum);
      attempts += notice.attempts().size();
    }
    text.append("# HELP yunfu_simulator_notices Notices by where they stand.\n");
    text.append("# TYPE yunfu_simulator_notices gauge\n");
    states.forEach(
        (labels, n) -> text.append("yunfu_simulator_notices{%s} %d\n".formatted(labels, n)));
    family(text, "yunfu_simulator_notice_attempts_total", "Deliveries of notices.");
    text.append("yunfu_simulator_notice_attempts_total %d\n".formatted(attempts));
    return Reply.of(200, "text/plain; version=0.0.4; charset=utf-8", text.toString());
  }

  private static void family(StringBuilder text, String name, String help) {
    text.append("# HELP %s %s\n# TYPE %s counter\n".formatted(name, help, name));
  }

  private static String escaped(String label) {
    return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
