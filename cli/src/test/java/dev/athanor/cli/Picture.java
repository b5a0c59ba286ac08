package dev.athanor.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/// A drawing of `docs/design`, as far as tests hold it to something.
final class Picture {
  private final Document document;

  private Picture(Document document) {
    this.document = document;
  }

  static Picture read(Path file) throws Exception {
    return new Picture(
        DocumentBuilderFactory.newDefaultNSInstance().newDocumentBuilder().parse(file.toFile()));
  }

  /// A box with a name, and what is written in it.
  record Box(String id, double left, double top, double right, double bottom, List<String> texts) {
    Box {
      texts = List.copyOf(texts);
    }

    /// Whether a point lies on its edge, as the ends of arrows do.
    boolean touches(double x, double y) {
      boolean within = left <= x && x <= right && top <= y && y <= bottom;
      return within && (x == left || x == right || y == top || y == bottom);
    }
  }

  /// A line from one box to another.
  record Arrow(String from, String to, boolean dashed) {}

  List<Box> boxes() {
    return elements("g")
        .filter(group -> !group.getAttribute("id").isEmpty())
        .map(group -> {
          Element rect = (Element) group.getElementsByTagNameNS("*", "rect").item(0);
          double x = number(rect, "x");
          double y = number(rect, "y");
          List<String> texts =
              all(group.getElementsByTagNameNS("*", "text")).map(Element::getTextContent).toList();
          return new Box(
              group.getAttribute("id"),
              x,
              y,
              x + number(rect, "width"),
              y + number(rect, "height"),
              texts);
        })
        .toList();
  }

  /// Every arrow, by the boxes that its ends touch.
  List<Arrow> arrows() {
    return elements("path")
        .filter(path -> path.getAttribute("class").startsWith("arrow"))
        .map(path -> {
          List<Double> points =
              Arrays.stream(path.getAttribute("d").split("[ML ]+", -1))
                  .filter(number -> !number.isEmpty())
                  .map(Double::parseDouble)
                  .toList();
          int last = points.size() - 1;
          return new Arrow(
              at(points.getFirst(), points.get(1)),
              at(points.get(last - 1), points.get(last)),
              path.getAttribute("class").contains("dashed"));
        })
        .toList();
  }

  private String at(double x, double y) {
    return boxes().stream()
        .filter(box -> box.touches(x, y))
        .map(Box::id)
        .findFirst()
        .orElseThrow(() -> new AssertionError("an arrow ends at " + x + ", " + y + " in no box"));
  }

  /// What is written in one style.
  List<String> texts(String style) {
    return elements("text")
        .filter(text -> List.of(text.getAttribute("class").split(" ", -1)).contains(style))
        .map(Element::getTextContent)
        .toList();
  }

  /// Texts that stick out of their boxes or of the picture, by how wide letters mostly are.
  List<String> overflowing() {
    double width = number(document.getDocumentElement(), "width");
    return elements("text")
        .filter(text -> {
          double left = 0;
          double right = width;
          if (text.getParentNode() instanceof Element group && group.getNodeName().equals("g")) {
            Element rect = (Element) group.getElementsByTagNameNS("*", "rect").item(0);
            left = number(rect, "x");
            right = left + number(rect, "width");
          }
          double x = number(text, "x");
          double length = length(text);
          double start =
              switch (anchor(text)) {
                case "middle" -> x - length / 2;
                case "right" -> x - length;
                default -> x;
              };
          return start < left || start + length > right;
        })
        .map(Element::getTextContent)
        .toList();
  }

  private static String anchor(Element text) {
    List<String> styles = List.of(text.getAttribute("class").split(" ", -1));
    return styles.contains("middle") ? "middle" : styles.contains("right") ? "right" : "";
  }

  private static double length(Element text) {
    String style = text.getAttribute("class");
    double letter = style.contains("title") ? 8.6 : style.contains("code") ? 7.3 : 6.1;
    return text.getTextContent().length() * letter;
  }

  private Stream<Element> elements(String name) {
    return all(document.getElementsByTagNameNS("*", name));
  }

  private static Stream<Element> all(NodeList nodes) {
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements.stream();
  }

  private static double number(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }
}
