package io.yunfu.server.observe;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.yunfu.server.http.Header;
import io.yunfu.server.http.Headers;
import io.yunfu.server.http.Request;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Traces as OpenTelemetry has them. The parts of a request become spans when it ends, from the
/// times that were measured anyway; so the engine below needs to know nothing of traces.
final class OpenTelemetryTraces implements Traces {
  private static final Duration EXPORT_TIMEOUT = Duration.ofSeconds(5);

  /// Spans that wait for the collector; more are dropped, since a request never waits for one.
  private static final int QUEUE = 4096;

  private final SdkTracerProvider provider;
  private final Tracer tracer;

  private OpenTelemetryTraces(SdkTracerProvider provider) {
    this.provider = provider;
    this.tracer = provider.get("io.yunfu");
  }

  static OpenTelemetryTraces to(URI endpoint, double sampleRatio, String version) {
    var exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(endpoint.toString())
            .setTimeout(EXPORT_TIMEOUT)
            .setConnectTimeout(EXPORT_TIMEOUT)
            .build();
    return through(
        BatchSpanProcessor.builder(exporter)
            .setMaxQueueSize(QUEUE)
            .setExporterTimeout(EXPORT_TIMEOUT)
            .build(),
        sampleRatio,
        version);
  }

  static OpenTelemetryTraces through(SpanProcessor processor, double sampleRatio, String version) {
    return new OpenTelemetryTraces(
        SdkTracerProvider.builder()
            .addSpanProcessor(processor)
            .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(sampleRatio)))
            .setResource(
                Resource.getDefault()
                    .merge(
                        Resource.create(
                            Attributes.of(
                                AttributeKey.stringKey("service.name"),
                                "yunfu",
                                AttributeKey.stringKey("service.version"),
                                version,
                                AttributeKey.stringKey("service.instance.id"),
                                UUID.randomUUID().toString()))))
            .build());
  }

  @Override
  public Trace begin(String api, Request request) {
    Context caller =
        W3CTraceContextPropagator.getInstance().extract(Context.root(), request.headers(), HEADERS);
    Span span =
        tracer
            .spanBuilder(api)
            .setParent(caller)
            .setSpanKind(SpanKind.SERVER)
            .setAttribute("http.request.method", request.method())
            .startSpan();
    return span.isRecording() ? new Recorded(span, api) : Trace.NONE;
  }

  @Override
  public void worked(String name, Duration took, Map<String, String> about, boolean failed) {
    long end = epochNanos();
    Span span =
        tracer
            .spanBuilder(name)
            .setNoParent()
            .setStartTimestamp(end - took.toNanos(), TimeUnit.NANOSECONDS)
            .startSpan();
    about.forEach(span::setAttribute);
    if (failed) {
      span.setStatus(StatusCode.ERROR);
    }
    span.end(end, TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    provider.shutdown().join(EXPORT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }

  private final class Recorded implements Trace {
    private final Span span;
    private final String api;

    /// What `System.nanoTime()` must be added to to make it a time since 1970.
    private final long epoch = epochNanos() - System.nanoTime();

    Recorded(Span span, String api) {
      this.span = span;
      this.api = api;
    }

    @Override
    public String id() {
      return span.getSpanContext().getTraceId();
    }

    @Override
    public void end(Answered request, RequestTimes times) {
      Context inside = Context.root().with(span);
      for (RequestTimes.Interval part : times.intervals()) {
        tracer
            .spanBuilder(part.part().label())
            .setParent(inside)
            .setStartTimestamp(epoch + part.start(), TimeUnit.NANOSECONDS)
            .startSpan()
            .end(epoch + part.end(), TimeUnit.NANOSECONDS);
      }
      if (!request.action().isEmpty()) {
        span.updateName(api + " " + request.action());
      }
      span.setAttribute("yunfu.action", request.action());
      span.setAttribute("yunfu.code", request.code());
      span.setAttribute("yunfu.request_id", request.requestId());
      span.setAttribute("yunfu.account", request.account());
      span.setAttribute("http.response.status_code", request.status());
      if (request.fault() != null) {
        // The kind alone: a message is for our own log.
        span.setStatus(StatusCode.ERROR, request.fault().getClass().getSimpleName());
      }
      span.end();
    }
  }

  private static long epochNanos() {
    return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
  }

  private static final TextMapGetter<Headers> HEADERS =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Headers headers) {
          return headers.list().stream().map(Header::name).toList();
        }

        @Override
        public @Nullable String get(@Nullable Headers headers, String name) {
          return headers == null ? null : headers.first(name).orElse(null);
        }
      };
}
