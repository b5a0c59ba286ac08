package dev.athanor.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;

/// Results as programs read them, and people too.
final class PrettyJson {
  private static final Gson GSON =
      new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create();

  private PrettyJson() {}

  static String of(JsonObject json) {
    return GSON.toJson(json);
  }
}
