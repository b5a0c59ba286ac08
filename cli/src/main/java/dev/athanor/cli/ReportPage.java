package dev.athanor.cli;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The page about a build: a template, its style and its scripts, and the data, put together into
/// one file that needs nothing else and may fetch nothing.
final class ReportPage {
  private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");

  /// In the order in which they need each other.
  private static final List<String> SCRIPTS =
      List.of(
          "dom.js",
          "model.js",
          "details.js",
          "overview.js",
          "canvas.js",
          "timeline.js",
          "layout.js",
          "groups.js",
          "graph.js",
          "causes.js",
          "images.js",
          "table.js",
          "page.js");

  private ReportPage() {}

  static void write(Path file, Report report) throws IOException {
    String page = of(report);
    NewFile.write(file, out -> out.write(page.getBytes(StandardCharsets.UTF_8)));
  }

  static String of(Report report) throws IOException {
    Map<String, String> parts =
        Map.of(
            "title", Html.text(report.record.command()),
            "style", resource("page.css"),
            "data", data(report),
            "script", SCRIPTS.stream().map(ReportPage::resource).collect(Collectors.joining("\n")));
    // In one go: what is put in may look like a place, too.
    return PLACE
        .matcher(resource("page.html"))
        .replaceAll(
            place -> Matcher.quoteReplacement(Objects.requireNonNull(parts.get(place.group(1)))));
  }

  /// As JSON without the one character by which markup begins. It stands in texts only.
  private static String data(Report report) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonWriter json = new JsonWriter(text)) {
      report.write(json);
    }
    return text.toString().replace("<", "\\u003c");
  }

  private static String resource(String name) {
    try (InputStream in =
        Objects.requireNonNull(ReportPage.class.getResourceAsStream("report/" + name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
