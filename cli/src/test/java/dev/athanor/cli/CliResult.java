package dev.athanor.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// What a command did, as its caller sees it.
record CliResult(List<String> words, int code, String out, String err) {
  private static final Pattern RAN =
      Pattern.compile(
          "^\\[\\d+/\\d+] (.*?)(?: \\(not hermetic\\))?, [0-9.]+ m?s$", Pattern.MULTILINE);

  CliResult {
    words = List.copyOf(words);
  }

  CliResult succeeds() {
    return ends(ExitCode.SUCCESS.number());
  }

  CliResult fails(ExitCode expected) {
    return ends(expected.number());
  }

  CliResult ends(int expected) {
    if (code != expected) {
      throw new AssertionError("expected exit code " + expected + " of " + this);
    }
    return this;
  }

  /// Holds that standard error has all these texts.
  CliResult says(String... texts) {
    for (String text : texts) {
      if (!err.contains(text)) {
        throw new AssertionError("expected '" + text + "' on the standard error of " + this);
      }
    }
    return this;
  }

  /// Standard output as the JSON object that it must be.
  JsonObject json() {
    return JsonParser.parseString(out).getAsJsonObject();
  }

  int executed() {
    return json().get("executed").getAsInt();
  }

  /// What `--json` says of a target.
  JsonObject target(String label) {
    for (JsonElement target : json().getAsJsonArray("targets")) {
      if (target.getAsJsonObject().get("label").getAsString().equals(label)) {
        return target.getAsJsonObject();
      }
    }
    throw new AssertionError("no " + label + " in " + this);
  }

  /// The manifest digest of an image, from `--json`.
  String digest(String label) {
    return target(label).getAsJsonObject("image").get("digest").getAsString();
  }

  /// The actions that ran, as the console named them: `genrule //:a`.
  List<String> ran() {
    return RAN.matcher(err).results().map((MatchResult m) -> m.group(1)).sorted().toList();
  }

  @Override
  public String toString() {
    return "athanor "
        + String.join(" ", words)
        + "\nexit code "
        + code
        + "\n-- stdout\n"
        + out
        + "-- stderr\n"
        + err;
  }
}
