package dev.athanor.cli;

/// Text for pages.
final class Html {
  private Html() {}

  /// The text, so that a browser shows it as it is.
  static String text(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /// An element with text in it, which is taken as it is.
  ///
  /// @param type its name and its class, as in `td.what`
  static String element(String type, String text) {
    return raw(type, text(text));
  }

  /// An element with other elements in it.
  static String raw(String type, String inside) {
    int dot = type.indexOf('.');
    String name = dot < 0 ? type : type.substring(0, dot);
    String attribute = dot < 0 ? "" : " class=\"" + type.substring(dot + 1) + "\"";
    return "<" + name + attribute + ">" + inside + "</" + name + ">";
  }
}
