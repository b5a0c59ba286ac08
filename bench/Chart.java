import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Draws the ratios of RESULTS.md as bars: to the left of the line in the middle Athanor is faster, to the right slower; a
/// small mark is where the bar is that was to be met. usage: java Chart.java RESULTS.md RESULTS.svg
final class Chart {
  /// A row of a table with a column called ratio.
  ///
  /// @param bar the ratio that was to be met, or 0
  record Row(String what, double ratio, double bar) {}

  record Section(String title, List<Row> rows) {}

  private static final Pattern LIMIT = Pattern.compile("≤ ([0-9.]+):");
  private static final int LABELS = 560;
  private static final int WIDTH = 1120;
  private static final int LINE = 20;
  /// Pixels for a factor of two.
  private static final double DOUBLING = 60;
  private static final double MIDDLE = LABELS + 250;
  private static final double LEAST = MIDDLE - LABELS - 10;
  private static final double MOST = WIDTH - 60 - MIDDLE;

  public static void main(String[] args) throws IOException {
    Files.writeString(Path.of(args[1]), draw(sections(Files.readAllLines(Path.of(args[0])))));
  }

  static List<Section> sections(List<String> lines) {
    List<Section> sections = new ArrayList<>(List.of(new Section("", new ArrayList<>())));
    int ratio = -1;
    String first = "";
    for (String line : lines) {
      if (line.startsWith("## ")) {
        sections.add(new Section(line.substring(3), new ArrayList<>()));
      }
      if (!line.startsWith("|")) {
        ratio = -1;
        continue;
      }
      List<String> cells = List.of(line.split("\\|", -1)).stream().map(String::strip).toList();
      if (ratio < 0) {
        ratio = cells.indexOf("ratio");
      } else if (ratio > 0 && ratio < cells.size() && cells.get(ratio).matches("[0-9.]+")) {
        first = cells.get(1).startsWith("the same") ? first : cells.get(1).replaceFirst("[;,] [^;,]*$", "");
        String what = cells.get(1).replaceFirst("^the same", Matcher.quoteReplacement(first));
        Matcher limit = LIMIT.matcher(line);
        double bar = limit.find() ? Double.parseDouble(limit.group(1)) : 0;
        sections.getLast().rows().add(new Row(what, Double.parseDouble(cells.get(ratio)), bar));
      }
    }
    sections.removeIf(section -> section.rows().isEmpty());
    return sections;
  }

  static String draw(List<Section> sections) {
    StringBuilder svg = new StringBuilder();
    int y = 46;
    for (Section section : sections) {
      y += 30;
      text(svg, 10, y, "h", "start", section.title());
      y += 8;
      for (Row row : section.rows()) {
        y += LINE;
        row(svg, y, row);
      }
    }
    return head(y + 24) + svg + "</svg>\n";
  }

  private static void row(StringBuilder svg, int y, Row row) {
    double end = place(row.ratio());
    boolean faster = row.ratio() <= 1;
    text(svg, LABELS, y, "w", "end", shortened(row.what()));
    svg.append(
        format(
            "<rect class='%s' x='%.1f' y='%d' width='%.1f' height='12'/>\n",
            faster ? "faster" : "slower", Math.min(end, MIDDLE), y - 10, Math.max(1, Math.abs(end - MIDDLE))));
    text(svg, WIDTH - 10, y, "n", "end", format("%.2f", row.ratio()));
    if (row.bar() > 0) {
      svg.append(format("<path class='bar' d='M%.1f %dv16'/>\n", place(row.bar()), y - 12));
    }
  }

  private static double place(double ratio) {
    double offset = Math.log(ratio) / Math.log(2) * DOUBLING;
    return MIDDLE + Math.max(-LEAST + 40, Math.min(MOST, offset));
  }

  private static String shortened(String what) {
    String plain = what.replace("`", "");
    return plain.length() <= 84 ? plain : plain.substring(0, 83) + "…";
  }

  private static String head(int height) {
    StringBuilder svg =
        new StringBuilder(
            format(
                """
                <svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif' font-size='12'>
                <title>Ratios of RESULTS.md: Athanor's median over the peer's</title>
                <style>
                  svg { background: #fff } text { fill: #222 } .h { font-weight: bold; font-size: 13px }
                  .faster { fill: #2a78b5 } .slower { fill: #d9822b } .line { stroke: #999 } .grid { stroke: #e4e4e4 }
                  .bar { stroke: #222; stroke-width: 2 } .n { font-size: 11px }
                  @media (prefers-color-scheme: dark) {
                    svg { background: #16181c } text { fill: #ddd } .line { stroke: #888 } .grid { stroke: #333 }
                    .bar { stroke: #eee }
                  }
                </style>
                """,
                WIDTH, height));
    for (double ratio : new double[] {0.125, 0.25, 0.5, 1, 2, 4, 8}) {
      svg.append(
          format(
              "<path class='%s' d='M%.1f 44V%d'/>\n", ratio == 1 ? "line" : "grid", place(ratio), height - 14));
      String label = ratio < 1 ? "1/" + Math.round(1 / ratio) : String.valueOf(Math.round(ratio));
      text(svg, place(ratio), 38, "n", "middle", label);
    }
    text(svg, WIDTH - 10, 38, "n", "end", "ratio");
    svg.append("<path class='bar' d='M16 28v16'/>\n");
    text(svg, 26, 40, "w", "start", "the bar that was to be met");
    text(svg, MIDDLE - 20, 18, "h", "end", "◀ Athanor takes less");
    text(svg, MIDDLE + 20, 18, "h", "start", "Athanor takes more ▶");
    return svg.toString();
  }

  private static void text(StringBuilder svg, double x, int y, String style, String anchor, String text) {
    String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
    svg.append(format("<text class='%s' x='%.1f' y='%d' text-anchor='%s'>%s</text>\n", style, x, y, anchor, escaped));
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
