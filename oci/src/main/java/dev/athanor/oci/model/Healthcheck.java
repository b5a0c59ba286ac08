package dev.athanor.oci.model;

import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.List;

/// How to see whether a container is well: Docker's extension of the config.
///
/// @param test `["NONE"]`, `["CMD", …]` or `["CMD-SHELL", command]`; empty inherits
/// @param interval and the other times: zero inherits
public record Healthcheck(
    List<String> test, Duration interval, Duration timeout, Duration startPeriod, int retries) {
  public Healthcheck {
    test = List.copyOf(test);
  }

  JsonObject json() {
    JsonObject json = new JsonObject();
    if (!test.isEmpty()) {
      json.add("Test", Members.strings(test));
    }
    addNanos(json, "Interval", interval);
    addNanos(json, "Timeout", timeout);
    addNanos(json, "StartPeriod", startPeriod);
    if (retries != 0) {
      json.addProperty("Retries", retries);
    }
    return json;
  }

  private static void addNanos(JsonObject json, String name, Duration time) {
    if (!time.isZero()) {
      json.addProperty(name, time.toNanos());
    }
  }
}
