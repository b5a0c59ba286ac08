package dev.athanor.remote.server;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/// What happened since the server began, as Prometheus reads it.
final class Metrics {
  /// What is looked for.
  enum Store {
    BLOBS,
    RESULTS
  }

  private final long began = System.nanoTime();
  private final Map<String, LongAdder> samples = new ConcurrentSkipListMap<>();
  private final LongAdder received = new LongAdder();
  private final LongAdder sent = new LongAdder();

  Metrics() {
    for (Store store : Store.values()) {
      samples.put(sample("hits", store), new LongAdder());
      samples.put(sample("misses", store), new LongAdder());
    }
  }

  /// @param kind the call, or protocol and method
  /// @param code what came of it
  void request(String kind, String code) {
    add("athanor_cache_requests_total{kind=\"" + kind + "\",code=\"" + code + "\"}");
  }

  void hit(Store store) {
    add(sample("hits", store));
  }

  void miss(Store store) {
    add(sample("misses", store));
  }

  /// Bytes of blobs and results, as they were on the line.
  void received(long bytes) {
    received.add(bytes);
  }

  /// Bytes of blobs and results, as they were on the line.
  void sent(long bytes) {
    sent.add(bytes);
  }

  private static String sample(String what, Store store) {
    String name = store.name().toLowerCase(Locale.ROOT);
    return "athanor_cache_" + what + "_total{store=\"" + name + "\"}";
  }

  private void add(String sample) {
    samples.computeIfAbsent(sample, _ -> new LongAdder()).increment();
  }

  /// In the text format of Prometheus.
  String text(Stock stock) {
    StringBuilder text = new StringBuilder();
    String previous = "";
    for (Map.Entry<String, LongAdder> sample : samples.entrySet()) {
      String name = sample.getKey().substring(0, sample.getKey().indexOf('{'));
      if (!name.equals(previous)) {
        type(text, name, "counter");
        previous = name;
      }
      line(text, sample.getKey(), sample.getValue().sum());
    }
    single(text, "athanor_cache_received_bytes_total", "counter", received.sum());
    single(text, "athanor_cache_sent_bytes_total", "counter", sent.sum());
    single(text, "athanor_cache_evictions_total", "counter", stock.evictions());
    single(text, "athanor_cache_stored_bytes", "gauge", stock.bytes());
    single(text, "athanor_cache_entries", "gauge", stock.entries());
    long up = Duration.ofNanos(System.nanoTime() - began).toSeconds();
    single(text, "athanor_cache_uptime_seconds", "gauge", up);
    return text.toString();
  }

  private static void single(StringBuilder text, String name, String type, long value) {
    type(text, name, type);
    line(text, name, value);
  }

  private static void type(StringBuilder text, String name, String type) {
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private static void line(StringBuilder text, String sample, long value) {
    text.append(sample).append(' ').append(value).append('\n');
  }
}
