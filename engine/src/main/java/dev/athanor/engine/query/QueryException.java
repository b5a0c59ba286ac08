package dev.athanor.engine.query;

import dev.athanor.engine.UserException;
import dev.athanor.engine.starlark.syntax.Location;
import dev.athanor.engine.starlark.syntax.Source;
import dev.athanor.engine.starlark.syntax.SyntaxError;

/// A query cannot be read or answered. The message shows the line of the query with a caret below
/// the place.
final class QueryException extends UserException {
  private static final long serialVersionUID = 1;

  QueryException(Source source, int position, String message, String hint) {
    super(format(source, position, message), hint);
  }

  /// What went wrong with a part of the query, for a reason outside of it.
  QueryException(Source source, int position, UserException cause) {
    super(
        format(source, position, String.valueOf(cause.getMessage())),
        cause.hint().orElse(""),
        cause);
  }

  /// The caret stands between the first line of the message and the rest of it, which tells of
  /// something else.
  private static String format(Source source, int position, String message) {
    Location location = source.location(position);
    int end = message.indexOf('\n');
    String first = end < 0 ? message : message.substring(0, end);
    String rest = end < 0 ? "" : message.substring(end);
    return new SyntaxError(location, first, source.line(location.line())).format() + rest;
  }
}
