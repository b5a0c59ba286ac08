package dev.athanor.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A Markdown page of this project, as far as tests hold it to something.
///
/// @param file below the root of the repository
/// @param blocks what stands between fences
/// @param prose the lines outside of blocks, each at its place; those of blocks are empty
record MarkdownPage(Path file, List<Block> blocks, List<String> prose) {
  private static final Pattern FENCE = Pattern.compile("(\\s*)```(\\S*)\\s*");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern LINK = Pattern.compile("\\[[^\\[\\]]*\\]\\(([^)\\s]+)\\)");

  MarkdownPage {
    blocks = List.copyOf(blocks);
    prose = List.copyOf(prose);
  }

  /// @param line of its first line, counted from one
  record Block(String language, int line, String text) {}

  /// A part of a line of prose.
  ///
  /// @param line counted from one
  record Span(int line, String text) {}

  /// Every page of the repository, by path.
  static List<MarkdownPage> all() {
    List<Path> files = new ArrayList<>();
    Set<String> foreign = Set.of("target", "node_modules", "athanor-out");
    try {
      Files.walkFileTree(
          TestWorkspace.CHECKOUT,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
              String name = folder.getFileName().toString();
              return foreign.contains(name) || name.startsWith(".")
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (file.toString().endsWith(".md")) {
                files.add(file);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files.stream().sorted().map(MarkdownPage::read).toList();
  }

  static MarkdownPage read(Path file) {
    List<Block> blocks = new ArrayList<>();
    List<String> prose = new ArrayList<>();
    List<String> lines = lines(file);
    for (int at = 0; at < lines.size(); at++) {
      Matcher fence = FENCE.matcher(lines.get(at));
      if (fence.matches()) {
        int first = at + 1;
        int end = first;
        while (!lines.get(end).strip().equals("```")) {
          end++;
        }
        String text = String.join("\n", lines.subList(first, end)) + "\n";
        blocks.add(new Block(fence.group(2), first + 1, text));
        prose.addAll(Collections.nCopies(end - at + 1, ""));
        at = end;
      } else {
        prose.add(lines.get(at));
      }
    }
    return new MarkdownPage(TestWorkspace.CHECKOUT.relativize(file), blocks, prose);
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isGenerated() {
    return file.endsWith("reference.md");
  }

  /// What stands in backticks.
  List<Span> code() {
    return spans(CODE, false);
  }

  /// Where links lead.
  List<Span> links() {
    return spans(LINK, true);
  }

  private List<Span> spans(Pattern pattern, boolean withoutCode) {
    List<Span> spans = new ArrayList<>();
    for (int i = 0; i < prose.size(); i++) {
      String line = withoutCode ? prose.get(i).replaceAll("`[^`]*`", "code") : prose.get(i);
      for (Matcher matcher = pattern.matcher(line); matcher.find(); ) {
        spans.add(new Span(i + 1, matcher.group(1)));
      }
    }
    return spans;
  }

  /// The anchors of its headings, as code hosts make them.
  Set<String> anchors() {
    Set<String> anchors = new HashSet<>();
    Map<String, Integer> times = new HashMap<>();
    for (String line : prose) {
      if (line.matches("#+ .*")) {
        String anchor =
            line.replaceFirst("^#+ ", "")
                .replaceAll("\\]\\([^)]*\\)", "")
                .toLowerCase(Locale.ROOT)
                .codePoints()
                .filter(c -> Character.isLetterOrDigit(c) || c == ' ' || c == '-' || c == '_')
                .mapToObj(Character::toString)
                .collect(Collectors.joining())
                .replace(' ', '-');
        int count = times.merge(anchor, 1, Integer::sum);
        anchors.add(count == 1 ? anchor : anchor + "-" + (count - 1));
      }
    }
    return anchors;
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
